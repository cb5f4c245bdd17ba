/** Components, volumes and diameters of a full mask, 240×240×155 at 1 mm: `npm run bench`. */
import { bench, describe } from "vitest";
import { findLesions, makeGrid, type Vec3 } from "@/labels";

const GRID = makeGrid(
  [240, 240, 155],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);
const QUERY = { values: [1, 2, 4], separate: true, connectivity: 26 } as const;

/** A bumpy tumour of three nested labels, and some thousand specks as thresholding leaves them. */
function tumour(): Uint8Array {
  const labels = new Uint8Array(GRID.size);
  const bumps: Vec3 = [0.31, 0.27, 0.41];
  for (let i = 0; i < GRID.size; i++) {
    const [x, y, z] = [i % 240, Math.floor(i / 240) % 240, Math.floor(i / 57600)];
    const bump = 3 * (Math.sin(x * bumps[0]) + Math.sin(y * bumps[1]) + Math.sin(z * bumps[2]));
    const mm = Math.hypot(x - 90, y - 120, z - 80) + bump;
    if (mm < 15) labels[i] = 1;
    else if (mm < 25) labels[i] = 4;
    else if (mm < 45) labels[i] = 2;
    else if ((i * 2654435761) % 4096 < 4) labels[i] = 2;
  }
  return labels;
}

describe("components, volumes and diameters", () => {
  const labels = tumour();
  bench("of a tumour with thousands of specks", () => void findLesions(GRID, labels, QUERY));
  const full = new Uint8Array(GRID.size).fill(1);
  bench("of a mask that fills the image", () => void findLesions(GRID, full, QUERY));
});
