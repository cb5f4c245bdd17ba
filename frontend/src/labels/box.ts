/** The smallest box of voxels that covers a change: what has to be sent to the graphics card again. */
import type { Grid, Vec3 } from "./grid";

/** First and last voxel along each axis, both inside the box. */
export interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** Return the box around these voxels, or null when there are none. */
export function boxOf({ shape: [nx, ny] }: Grid, indices: Uint32Array): Box | null {
  if (indices.length === 0) return null;
  let [x0, y0, z0, x1, y1, z1] = [Infinity, Infinity, Infinity, -1, -1, -1];
  const plane = nx * ny;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    const z = (index / plane) | 0;
    const rest = index - z * plane;
    const y = (rest / nx) | 0;
    const x = rest - y * nx;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
    if (z < z0) z0 = z;
    if (z > z1) z1 = z;
  }
  return { low: [x0, y0, z0], high: [x1, y1, z1] };
}

/** Return the smallest box around two boxes. */
export function union(a: Box | null, b: Box | null): Box | null {
  if (!a || !b) return a ?? b;
  return {
    low: [Math.min(a.low[0], b.low[0]), Math.min(a.low[1], b.low[1]), Math.min(a.low[2], b.low[2])],
    high: [Math.max(a.high[0], b.high[0]), Math.max(a.high[1], b.high[1]), Math.max(a.high[2], b.high[2])],
  };
}

/** Return the box of the whole grid. */
export function wholeGrid({ shape: [nx, ny, nz] }: Grid): Box {
  return { low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] };
}
