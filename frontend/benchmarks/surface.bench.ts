/** The surface of a large lesion on the grid of BraTS, and what a guide costs per slice. */
import { bench } from "vitest";
import { contoursOf, makeGrid, sliceAt, surfaceOf } from "@/labels";

const GRID = makeGrid(
  [240, 240, 155],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);
const RADIUS = 32;
const [nx, ny, nz] = GRID.shape;
const labels = new Uint8Array(GRID.size);
for (let z = 0; z < nz; z++)
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++)
      if (Math.hypot(x - 120, y - 120, z - 77) < RADIUS) labels[x + y * nx + z * nx * ny] = 1;

bench("the surface of a lesion of 137 ml", () => {
  surfaceOf(GRID, labels, 1);
});

bench("the contour of one axial slice", () => {
  contoursOf(sliceAt(GRID, labels, { axis: 2, at: 77 }), 0.5);
});
