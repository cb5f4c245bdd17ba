/** Boxes and lines of a volume: operations look only where there is something to do. */
import { type Box, union } from "./box";
import type { Vec3 } from "./grid";

/** Return the box around the voxels that hold, or null when none does. */
export function boxWhere(shape: Vec3, holds: (index: number) => boolean): Box | null {
  const [nx, ny, nz] = shape;
  let box: Box | null = null;
  for (let row = 0; row < ny * nz; row++) {
    const start = row * nx;
    let first = 0;
    while (first < nx && !holds(start + first)) first++;
    if (first === nx) continue;
    let last = nx - 1;
    while (!holds(start + last)) last--;
    const z = Math.floor(row / ny);
    const y = row - z * ny;
    box = union(box, { low: [first, y, z], high: [last, y, z] });
  }
  return box;
}

/** Return the box made larger by so many voxels along each axis, kept inside the shape. */
export function widened({ low, high }: Box, by: Vec3, shape: Vec3): Box {
  return {
    low: [Math.max(0, low[0] - by[0]), Math.max(0, low[1] - by[1]), Math.max(0, low[2] - by[2])],
    high: [
      Math.min(shape[0] - 1, high[0] + by[0]),
      Math.min(shape[1] - 1, high[1] + by[1]),
      Math.min(shape[2] - 1, high[2] + by[2]),
    ],
  };
}

/** Return the shape of a box. */
export function shapeOf({ low, high }: Box): Vec3 {
  return [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
}

/** Call back for every voxel of a box, in order: its index in the volume and in the box. */
export function eachVoxel(shape: Vec3, box: Box, visit: (index: number, place: number) => void): void {
  const [nx, ny] = shape;
  let place = 0;
  for (let z = box.low[2]; z <= box.high[2]; z++) {
    for (let y = box.low[1]; y <= box.high[1]; y++) {
      const row = y * nx + z * nx * ny;
      for (let x = box.low[0]; x <= box.high[0]; x++) visit(row + x, place++);
    }
  }
}

/** Return 1 for each voxel of the box that holds, 0 for the others. */
export function maskIn(shape: Vec3, box: Box, holds: (index: number) => boolean): Uint8Array {
  const size = shapeOf(box);
  const mask = new Uint8Array(size[0] * size[1] * size[2]);
  eachVoxel(shape, box, (index, place) => {
    if (holds(index)) mask[place] = 1;
  });
  return mask;
}

/** Call back with the first voxel of every line along an axis. */
export function eachLine([nx, ny, nz]: Vec3, axis: 0 | 1 | 2, visit: (start: number) => void): void {
  const [a, b] = axis === 0 ? [ny, nz] : axis === 1 ? [nx, nz] : [nx, ny];
  const [stepA, stepB] = axis === 0 ? [nx, nx * ny] : axis === 1 ? [1, nx * ny] : [1, nx];
  for (let j = 0; j < b; j++) for (let i = 0; i < a; i++) visit(i * stepA + j * stepB);
}
