/**
 * Where the brain is, about: it keeps labels off skull and air. The same steps as the server's imaging/brain.py, on a
 * grid of about 2 mm; not a brain extraction to publish with.
 */
import { blur } from "./blur";
import { classTable, componentSizes, findComponents, voxelsOf } from "./components";
import { squaredDistance } from "./distance";
import type { Axis, Grid, Vec3 } from "./grid";
import { makeGrid } from "./grid";
import { fillHoles } from "./parts";

const CUT_OUT_BACKGROUND = 0.2;
const LARGEST_BRAIN_ML = 2200;
const USUAL_BRAIN_ML = 1600;
const WORKING_MM = 2;
const SCALP_MM = [6, 8, 10, 12] as const;
const CLOSING_MM = 6;
const TOUCHING = 0.1;

/**
 * Return 1 for each voxel of the brain. An image whose background is one constant is taken as skull-stripped: all
 * else in it is brain, with holes filled slice by slice. In a whole head it is the bright core that comes apart from
 * the scalp by erosion, grown back. All 1 when no brain is found, so that nothing is kept from being drawn.
 */
export function findBrain(grid: Grid, raw: ArrayLike<number>): Uint8Array {
  const background = commonestOnFaces(grid.shape, raw);
  const tissue = Uint8Array.from({ length: grid.size }, (_, i) => (raw[i] === background ? 0 : 1));
  const brain = isStripped(grid, tissue) ? filled(grid, tissue) : brainInHead(grid, raw);
  return brain.includes(1) ? brain : brain.fill(1);
}

function commonestOnFaces(shape: Vec3, raw: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  eachOnFaces(shape, (index) => {
    const value = raw[index] as number;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  });
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0])[0];
}

function eachOnFaces([nx, ny, nz]: Vec3, visit: (index: number) => void): void {
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const inner = z > 0 && z < nz - 1 && y > 0 && y < ny - 1;
      for (let x = 0; x < nx; x += inner ? Math.max(1, nx - 1) : 1) visit(x + y * nx + z * nx * ny);
    }
  }
}

function isStripped({ shape, size, voxelMl }: Grid, tissue: Uint8Array): boolean {
  const count = tissue.reduce((sum, inside) => sum + inside, 0);
  let [faces, touching] = [0, 0];
  eachOnFaces(shape, (index) => {
    faces++;
    touching += tissue[index] as number;
  });
  return (
    count > 0 &&
    count < (1 - CUT_OUT_BACKGROUND) * size &&
    touching / faces < TOUCHING &&
    count * voxelMl < LARGEST_BRAIN_ML
  );
}

function filled(grid: Grid, mask: Uint8Array): Uint8Array {
  const result = Uint8Array.from(mask);
  for (const axis of [null, 0, 1, 2] as const) {
    const query = { label: 1, axis: axis as Axis | null, slice: null, inside: "empty" as const };
    for (const index of fillHoles({ grid, labels: result }, query).indices) result[index] = 1;
  }
  return result;
}

function brainInHead(grid: Grid, raw: ArrayLike<number>): Uint8Array {
  const { coarse, steps } = coarseGrid(grid);
  const small = new Float32Array(coarse.size);
  eachCoarse(coarse, (voxel, place) => {
    small[place] = raw[indexIn(grid, voxel, steps)] as number;
  });
  blur(small, coarse.shape, { spacing: coarse.spacing, sigmaMm: 1 });
  const otsu = otsuThreshold(small);
  const depth = depthIn(coarse, headIn(coarse, small, otsu / 2));
  let brain: Uint8Array = new Uint8Array(coarse.size);
  for (const width of SCALP_MM) {
    const bright = small.map((value, i) => (value > otsu * 0.8 && (depth[i] as number) > width ? 1 : 0));
    const eroded = depthIn(coarse, Uint8Array.from(bright));
    const core = largest(
      coarse,
      Uint8Array.from(eroded, (mm) => (mm > width ? 1 : 0)),
    );
    if (!core.includes(1)) break;
    const reach = width + Math.max(...coarse.spacing) / 2;
    const grown = within(coarse, core, reach).map((inside, i) =>
      inside && (depth[i] as number) > width ? 1 : 0,
    );
    const closed = closedBy(coarse, grown, CLOSING_MM).map((inside, i) =>
      inside && (depth[i] as number) > width ? 1 : 0,
    );
    brain = filled(coarse, closed);
    if (brain.reduce((sum, inside) => sum + inside, 0) * coarse.voxelMl < USUAL_BRAIN_ML) break;
  }
  return enlarged(grid, coarse, { brain, steps });
}

function headIn(coarse: Grid, small: Float32Array, threshold: number): Uint8Array {
  const tissue = Uint8Array.from(small, (value) => (value > threshold ? 1 : 0));
  const kept = Uint8Array.from(depthIn(coarse, tissue), (mm) => (mm > 3 ? 1 : 0));
  const opened = within(coarse, kept, 3).map((inside, i) => inside & (tissue[i] as number));
  return filled(coarse, largest(coarse, opened));
}

/** Distance in mm of each voxel of the mask to the nearest voxel outside it. */
function depthIn({ shape, spacing }: Grid, mask: Uint8Array): Float64Array {
  const outside = mask.map((inside) => 1 - inside);
  return squaredDistance(outside, shape, spacing).map(Math.sqrt);
}

function within({ shape, spacing }: Grid, mask: Uint8Array, mm: number): Uint8Array {
  return Uint8Array.from(squaredDistance(mask, shape, spacing), (square) => (square <= mm * mm ? 1 : 0));
}

function closedBy(grid: Grid, mask: Uint8Array, mm: number): Uint8Array {
  const depth = depthIn(grid, within(grid, mask, mm));
  return mask.map((inside, i) => (inside || (depth[i] as number) > mm ? 1 : 0));
}

function largest({ shape }: Grid, mask: Uint8Array): Uint8Array {
  const classOf = classTable([1], { separate: false });
  const found = findComponents(mask, shape, { classOf, connectivity: 6 });
  const sizes = componentSizes(found);
  const best = sizes.indexOf(Math.max(...sizes));
  const result = new Uint8Array(mask.length);
  for (const index of voxelsOf(found, (part) => part === best)) result[index] = 1;
  return result;
}

/** Otsu's threshold (doi:10.1109/TSMC.1979.4310076) over 256 bins between the 0.5th and 99.5th percentile. */
function otsuThreshold(values: Float32Array): number {
  const sorted = Float32Array.from(values).sort();
  const low = sorted[Math.floor(0.005 * (sorted.length - 1))] as number;
  const high = sorted[Math.floor(0.995 * (sorted.length - 1))] as number;
  if (high <= low) return low;
  const bins = new Float64Array(256);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * 256);
    const place = Math.min(255, Math.max(0, bin));
    bins[place] = (bins[place] as number) + 1;
  }
  return low + ((bestCut(bins) + 1) / 256) * (high - low);
}

/** The last bin of the dark class, with the greatest variance between the classes. */
function bestCut(bins: Float64Array): number {
  const total = bins.reduce((sum, count) => sum + count, 0);
  const mean = bins.reduce((sum, count, i) => sum + count * i, 0);
  let [dark, darkSum] = [0, 0];
  let best = { variance: -1, bin: 0 };
  bins.forEach((count, bin) => {
    dark += count;
    darkSum += count * bin;
    const bright = total - dark;
    if (dark === 0 || bright === 0) return;
    const variance = dark * bright * (darkSum / dark - (mean - darkSum) / bright) ** 2;
    if (variance > best.variance) best = { variance, bin };
  });
  return best.bin;
}

function coarseGrid({ shape, spacing, affine }: Grid): { coarse: Grid; steps: Vec3 } {
  const step = (axis: Axis) => Math.max(1, Math.round(WORKING_MM / spacing[axis]));
  const steps: Vec3 = [step(0), step(1), step(2)];
  const scaled = affine.map((row) => row.map((value, axis) => value * (steps[axis as Axis] ?? 1)));
  return {
    coarse: makeGrid(
      shape.map((n, axis) => Math.ceil(n / (steps[axis] as number))),
      scaled,
    ),
    steps,
  };
}

function eachCoarse({ shape: [nx, ny, nz] }: Grid, visit: (voxel: Vec3, place: number) => void): void {
  let place = 0;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) visit([x, y, z], place++);
}

function indexIn({ shape: [nx, ny] }: Grid, [x, y, z]: Vec3, steps: Vec3): number {
  return x * steps[0] + y * steps[1] * nx + z * steps[2] * nx * ny;
}

function enlarged(
  grid: Grid,
  coarse: Grid,
  { brain, steps }: { brain: Uint8Array; steps: Vec3 },
): Uint8Array {
  const [nx, ny, nz] = grid.shape;
  const near = (place: number, axis: Axis) =>
    Math.min(coarse.shape[axis] - 1, Math.floor((place + Math.floor(steps[axis] / 2)) / steps[axis]));
  const result = new Uint8Array(grid.size);
  let index = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = near(y, 1) * coarse.shape[0] + near(z, 2) * coarse.shape[0] * coarse.shape[1];
      for (let x = 0; x < nx; x++) result[index++] = brain[row + near(x, 0)] as number;
    }
  }
  return result;
}
