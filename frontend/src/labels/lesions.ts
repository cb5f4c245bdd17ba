/** Lesions: the connected components of a mask with volume, box, centre and largest diameter. */
import type { Box } from "./box";
import { type Connectivity, classTable, findComponents } from "./components";
import { type Diameter, LongestDistance } from "./diameter";
import type { Grid, Vec3 } from "./grid";

/** One connected component. Positions are voxels. */
export interface Lesion {
  /** Its label value; 0 where several labels were joined. */
  readonly label: number;
  readonly voxels: number;
  readonly volumeMl: number;
  readonly box: Box;
  /** Mean of the voxel centres: it may lie outside a bent component. */
  readonly centroid: Vec3;
  /** The voxel of the component that is nearest to the centroid in mm: a place to jump to. */
  readonly inside: Vec3;
  /** Greatest distance between two voxel centres of it, in mm, and where; 0 for a single voxel. */
  readonly diameter: Diameter;
}

/** Which components are wanted. */
export interface LesionQuery {
  /** The label values looked at. */
  readonly values: readonly number[];
  /** Each label on its own, or all of them joined where they touch. */
  readonly separate: boolean;
  readonly connectivity: Connectivity;
}

/** Return the components of one layer, the largest first. */
export function findLesions(
  grid: Grid,
  labels: Uint8Array,
  { values, separate, connectivity }: LesionQuery,
): Lesion[] {
  const classOf = classTable(values, { separate });
  const found = findComponents(labels, grid.shape, { classOf, connectivity });
  const parts = Array.from({ length: found.count }, () => new Part(grid));
  const { first, last, component } = found.runs;
  for (let run = 0; run < first.length; run++) {
    parts[component[run] as number]?.add(first[run] as number, last[run] as number);
  }
  findInside(grid, parts, found.runs);
  const lesions = parts.map((part, n) => part.measured(separate ? (found.classes[n] as number) : 0));
  return lesions.sort((a, b) => b.voxels - a.voxels);
}

/** Sums over the runs of one component. */
class Part {
  readonly #grid: Grid;
  readonly #distance: LongestDistance;
  #voxels = 0;
  #sum: [number, number, number] = [0, 0, 0];
  #low: [number, number, number] = [Infinity, Infinity, Infinity];
  #high: [number, number, number] = [-1, -1, -1];
  #inside: Vec3 = [0, 0, 0];
  #away = Infinity;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#distance = new LongestDistance(grid.spacing);
  }

  add(first: number, last: number): void {
    const [nx, ny] = this.#grid.shape;
    const row = Math.floor(first / nx);
    const [x0, x1] = [first - row * nx, last - row * nx];
    const z = Math.floor(row / ny);
    const y = row - z * ny;
    const n = x1 - x0 + 1;
    this.#voxels += n;
    this.#sum[0] += ((x0 + x1) / 2) * n;
    this.#sum[1] += y * n;
    this.#sum[2] += z * n;
    this.#low = [Math.min(this.#low[0], x0), Math.min(this.#low[1], y), Math.min(this.#low[2], z)];
    this.#high = [Math.max(this.#high[0], x1), Math.max(this.#high[1], y), Math.max(this.#high[2], z)];
    this.#distance.addRow(x0, x1, y, z);
  }

  get centroid(): Vec3 {
    return [this.#sum[0] / this.#voxels, this.#sum[1] / this.#voxels, this.#sum[2] / this.#voxels];
  }

  offer(voxel: Vec3, away: number): void {
    if (away >= this.#away) return;
    this.#away = away;
    this.#inside = voxel;
  }

  measured(label: number): Lesion {
    return {
      label,
      voxels: this.#voxels,
      volumeMl: this.#voxels * this.#grid.voxelMl,
      box: { low: this.#low, high: this.#high },
      centroid: this.centroid,
      inside: this.#inside,
      diameter: this.#distance.longest(),
    };
  }
}

function findInside(
  { shape: [nx, ny], spacing: [sx, sy, sz] }: Grid,
  parts: readonly Part[],
  { first, last, component }: { first: Uint32Array; last: Uint32Array; component: Uint32Array },
): void {
  const centres = parts.map((part) => part.centroid);
  for (let run = 0; run < first.length; run++) {
    const n = component[run] as number;
    const centre = centres[n] as Vec3;
    const row = Math.floor((first[run] as number) / nx);
    const z = Math.floor(row / ny);
    const y = row - z * ny;
    const low = (first[run] as number) - row * nx;
    const high = (last[run] as number) - row * nx;
    const x = Math.min(high, Math.max(low, Math.round(centre[0])));
    const [dx, dy, dz] = [(x - centre[0]) * sx, (y - centre[1]) * sy, (z - centre[2]) * sz];
    parts[n]?.offer([x, y, z], dx * dx + dy * dy + dz * dz);
  }
}
