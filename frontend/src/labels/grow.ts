/** Grow a region from a click over connected voxels: of similar intensity, or of the same label. */
import { type Axis, type Grid, indexOf, makeGrid, type Vec3 } from "./grid";
import { type Proposal, propose, type Scene } from "./proposal";
import { type Intensities, intensityAt } from "./rule";

/** Where growing may go. `axis` keeps it in the slice with that normal; `limitMm` keeps it near the seed. */
export interface GrowLimits {
  readonly axis: Axis | null;
  readonly limitMm: number;
}

/** What a click grows: the voxels joined to it whose intensity differs by at most `tolerance`, in displayed units. */
export interface GrowClick extends GrowLimits {
  readonly seed: Vec3;
  readonly tolerance: number;
}

/** A click with the image where it can reach: whole slices along z, so that a part is copied and not all of it. */
export interface GrowQuery extends GrowLimits {
  /** What the voxels become; 0 empties them. */
  readonly label: number;
  /** Only voxels of this label change; null: all. They are in nobody's way. */
  readonly only: number | null;
  readonly seed: Vec3;
  /** Stored values, both included. */
  readonly between: readonly [low: number, high: number];
  readonly slab: { readonly first: number; readonly raw: Intensities["raw"] };
}

/** Return what the worker is asked for a click on an image of the grid. */
export function growQuery(
  grid: Grid,
  image: Intensities,
  { seed, tolerance, axis, limitMm }: GrowClick,
): Omit<GrowQuery, "label" | "only"> {
  const [nx, ny, nz] = grid.shape;
  const reach = axis === 2 ? 0 : Math.floor(limitMm / grid.spacing[2]);
  const first = Math.max(0, seed[2] - reach);
  const last = Math.min(nz - 1, seed[2] + reach);
  const middle = intensityAt(image, indexOf(grid, seed));
  const ends = [middle - tolerance, middle + tolerance].map(
    (value) => (value - image.intercept) / image.slope,
  );
  return {
    seed,
    axis,
    limitMm,
    between: [Math.min(...ends), Math.max(...ends)],
    slab: { first, raw: partOf(image.raw, first * nx * ny, (last + 1) * nx * ny) },
  };
}

/** Propose what a click grows. */
export function growRegion({ grid, labels }: Scene, query: GrowQuery): Proposal {
  const { label, only, seed, axis, limitMm, between, slab } = query;
  const [nx, ny] = grid.shape;
  const begin = slab.first * nx * ny;
  const [low, high] = between;
  const indices = grow(
    makeGrid([nx, ny, slab.raw.length / (nx * ny)], grid.affine),
    [seed[0], seed[1], seed[2] - slab.first],
    {
      axis,
      limitMm,
      belongs: (index) => (slab.raw[index] as number) >= low && (slab.raw[index] as number) <= high,
    },
  ).map((index) => index + begin);
  return propose(only === null ? indices : indices.filter((index) => labels[index] === only), label);
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

/** A copy of a part of the values, of the same kind where they are a typed array. */
function partOf(values: Intensities["raw"], begin: number, end: number): Intensities["raw"] {
  if (ArrayBuffer.isView(values) && "slice" in values) return (values as Float32Array).slice(begin, end);
  return Array.from({ length: end - begin }, (_, n) => values[begin + n] as number);
}
