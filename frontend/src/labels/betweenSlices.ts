/** Fill the empty slices between drawn ones: what goes into the contour interpolation, and what comes out. */
import { type Box, union } from "./box";
import { type Components, classTable, findComponents } from "./components";
import { eachVoxel, maskIn, shapeOf } from "./crop";
import type { Axis, Grid, Vec3 } from "./grid";
import { inPlane } from "./polygon";
import { type Proposal, propose, type Scene } from "./proposal";

/** Interpolates the label 1 of a small volume between the slices (across `axis`) that hold it. */
export type ContourInterpolation = (mask: Uint8Array, shape: Vec3, axis: Axis) => Promise<Uint8Array>;

/**
 * Give the label the voxels that the interpolation adds in slices where a lesion is not drawn. Parts of the label belong
 * to one lesion when their outlines overlap as seen along the axis, so that another lesion beside the gap does not
 * matter. Drawn slices stay as they are. Nothing when there is no gap.
 */
export async function fillBetweenSlices(
  { grid, labels }: Scene,
  { label, axis, interpolate }: { label: number; axis: Axis; interpolate: ContourInterpolation },
): Promise<Proposal> {
  const lesions = overlapping(grid, labels, { label, axis });
  const added = new Set<number>();
  for (const lesion of lesions) {
    if (lesion.drawn.size === lesion.box.high[axis] - lesion.box.low[axis] + 1) continue;
    const shape = shapeOf(lesion.box);
    const mask = maskIn(grid.shape, lesion.box, (index) => lesion.voxels.has(index));
    const filled = await interpolate(mask, shape, axis);
    eachVoxel(grid.shape, lesion.box, (index, place) => {
      const isGap = !lesion.drawn.has(sliceOf(grid, axis, index));
      if (filled[place] && isGap && labels[index] !== label) added.add(index);
    });
  }
  return propose(Uint32Array.from(added).sort(), label);
}

/** Parts of a label that overlap along an axis. */
interface Lesion {
  readonly voxels: Set<number>;
  readonly box: Box;
  /** The slices that hold it. */
  readonly drawn: Set<number>;
}

function sliceOf({ shape: [nx, ny, nz] }: Grid, axis: Axis, index: number): number {
  const [strides, shape] = [[1, nx, nx * ny] as const, [nx, ny, nz] as const];
  return Math.floor(index / strides[axis]) % shape[axis];
}

/** Return the lesions made of two parts or more: a single part has no gap. */
function overlapping(
  grid: Grid,
  labels: Uint8Array,
  { label, axis }: { label: number; axis: Axis },
): Lesion[] {
  const classOf = classTable([label], { separate: false });
  const found = findComponents(labels, grid.shape, { classOf, connectivity: 26 });
  const lesionOf = joinedBySight(grid, found, axis);
  const sizes = new Uint32Array(found.count);
  for (const lesion of lesionOf) sizes[lesion] = (sizes[lesion] as number) + 1;
  const lesions = new Map<number, { voxels: Set<number>; box: Box | null; drawn: Set<number> }>();
  eachRun(found, (first, last, part) => {
    const key = lesionOf[part] as number;
    if ((sizes[key] as number) < 2) return;
    const lesion = lesions.get(key) ?? { voxels: new Set(), box: null, drawn: new Set() };
    lesions.set(key, lesion);
    lesion.box = union(lesion.box, boxOfRun(grid, first, last));
    for (let index = first; index <= last; index++) {
      lesion.voxels.add(index);
      lesion.drawn.add(sliceOf(grid, axis, index));
    }
  });
  return [...lesions.values()].flatMap(({ voxels, box, drawn }) => (box ? [{ voxels, box, drawn }] : []));
}

function eachRun({ runs }: Components, visit: (first: number, last: number, part: number) => void): void {
  for (let run = 0; run < runs.first.length; run++) {
    visit(runs.first[run] as number, runs.last[run] as number, runs.component[run] as number);
  }
}

function boxOfRun({ shape: [nx, ny] }: Grid, first: number, last: number): Box {
  const [y, z] = [Math.floor(first / nx) % ny, Math.floor(first / (nx * ny))];
  const row = first - (first % nx);
  return { low: [first - row, y, z], high: [last - row, y, z] };
}

/** Return for each part the number of its lesion: parts that cover the same place of the plane are one. */
function joinedBySight(grid: Grid, found: Components, axis: Axis): Uint32Array {
  const [u, v] = inPlane(axis);
  const seen = new Int32Array(grid.shape[u] * grid.shape[v]).fill(-1);
  const lesionOf = Uint32Array.from({ length: found.count }, (_, n) => n);
  const rootOf = (part: number) => {
    let root = part;
    while (lesionOf[root] !== root) root = lesionOf[root] as number;
    return root;
  };
  const [nx, ny] = grid.shape;
  eachRun(found, (first, last, part) => {
    for (let index = first; index <= last; index++) {
      const voxel = [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))] as const;
      const place = voxel[u] + voxel[v] * grid.shape[u];
      const other = seen[place] as number;
      if (other >= 0 && other !== part) lesionOf[rootOf(part)] = rootOf(other);
      seen[place] = part;
    }
  });
  return lesionOf.map((_, part) => rootOf(part));
}
