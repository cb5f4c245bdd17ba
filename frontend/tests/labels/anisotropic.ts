/** A small grid whose voxels are 0.5 × 1 × 3 mm. */
import { makeGrid } from "@/labels/grid";

export const ANISOTROPIC = makeGrid(
  [24, 20, 9],
  [
    [0.5, 0, 0, -3],
    [0, 1, 0, 4],
    [0, 0, 3, 1],
    [0, 0, 0, 1],
  ],
);
