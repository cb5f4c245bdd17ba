/** Grow a region from a click over connected voxels: of similar intensity, or of the same label. */
import { type Axis, type Grid, indexOf, type Vec3 } from "./grid";

/** Where growing may go. `axis` keeps it in the slice with that normal; `limitMm` keeps it near the seed. */
export interface GrowLimits {
  readonly axis: Axis | null;
  readonly limitMm: number;
}

/**
 * Return the indices of the voxels connected to the seed by faces for which `belongs` holds, ascending.
 * Empty when the seed lies outside the grid or does not belong itself.
 */
export function grow(
  grid: Grid,
  seed: Vec3,
  { axis, limitMm, belongs }: GrowLimits & { belongs: (index: number) => boolean },
): Uint32Array {
  const start = indexOf(grid, seed);
  if (start < 0 || !belongs(start)) return new Uint32Array(0);
  const seen = new Uint8Array(grid.size);
  const near = nearTest(grid, seed, limitMm);
  const steps = neighbours(grid, axis);
  const queue: number[] = [start];
  seen[start] = 1;
  for (let head = 0; head < queue.length; head++) {
    const index = queue[head] as number;
    for (const { offset, inside } of steps) {
      const next = index + offset;
      if (!inside(index) || seen[next] === 1 || !near(next) || !belongs(next)) continue;
      seen[next] = 1;
      queue.push(next);
    }
  }
  return Uint32Array.from(queue).sort();
}

function nearTest(grid: Grid, seed: Vec3, limitMm: number): (index: number) => boolean {
  if (!Number.isFinite(limitMm)) return () => true;
  const [nx, ny] = grid.shape;
  const [sx, sy, sz] = grid.spacing;
  return (index) => {
    const z = Math.floor(index / (nx * ny));
    const rest = index - z * nx * ny;
    const y = Math.floor(rest / nx);
    const x = rest - y * nx;
    return Math.hypot((x - seed[0]) * sx, (y - seed[1]) * sy, (z - seed[2]) * sz) <= limitMm;
  };
}

interface Neighbour {
  readonly offset: number;
  readonly inside: (index: number) => boolean;
}

function neighbours({ shape: [nx, ny, nz] }: Grid, axis: Axis | null): Neighbour[] {
  const x = (index: number) => index % nx;
  const y = (index: number) => Math.floor(index / nx) % ny;
  const z = (index: number) => Math.floor(index / (nx * ny));
  const all: [Axis, Neighbour][] = [
    [0, { offset: -1, inside: (index) => x(index) > 0 }],
    [0, { offset: 1, inside: (index) => x(index) < nx - 1 }],
    [1, { offset: -nx, inside: (index) => y(index) > 0 }],
    [1, { offset: nx, inside: (index) => y(index) < ny - 1 }],
    [2, { offset: -nx * ny, inside: (index) => z(index) > 0 }],
    [2, { offset: nx * ny, inside: (index) => z(index) < nz - 1 }],
  ];
  return all.filter(([along]) => along !== axis).map(([, neighbour]) => neighbour);
}
