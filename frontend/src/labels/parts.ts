/** Operations on connected parts of a label: islands, the clicked part, holes. */
import { type Box, wholeGrid } from "./box";
import {
  type Connectivity,
  classTable,
  componentAt,
  componentSizes,
  findComponents,
  voxelsOf,
} from "./components";
import { boxWhere, eachVoxel, maskIn, shapeOf } from "./crop";
import { type Axis, indexOf, type Vec3 } from "./grid";
import { type Proposal, propose, type Scene } from "./proposal";

const NOTHING = propose(new Uint32Array(0), 0);

/** Empty the parts of a label that have fewer than so many voxels. */
export function removeIslands(
  { grid, labels }: Scene,
  { label, fewerThan, connectivity }: { label: number; fewerThan: number; connectivity: Connectivity },
): Proposal {
  const classOf = classTable([label], { separate: false });
  const found = findComponents(labels, grid.shape, { classOf, connectivity });
  const sizes = componentSizes(found);
  return propose(
    voxelsOf(found, (part) => (sizes[part] as number) < fewerThan),
    0,
  );
}

/** Empty all parts of a label but the one that holds the voxel; nothing where the voxel has another label. */
export function keepPart(
  { grid, labels }: Scene,
  { label, voxel, connectivity }: { label: number; voxel: Vec3; connectivity: Connectivity },
): Proposal {
  const classOf = classTable([label], { separate: false });
  const found = findComponents(labels, grid.shape, { classOf, connectivity });
  const clicked = componentAt(found, indexOf(grid, voxel));
  if (clicked < 0) return NOTHING;
  return propose(
    voxelsOf(found, (part) => part !== clicked),
    0,
  );
}

/** Give the connected part of one label under the voxel another label (0 empties it); nothing on background. */
export function relabelPart(
  { grid, labels }: Scene,
  { label, voxel, connectivity }: { label: number; voxel: Vec3; connectivity: Connectivity },
): Proposal {
  const index = indexOf(grid, voxel);
  const value = labels[index];
  if (!value) return NOTHING;
  const classOf = classTable([value], { separate: false });
  const found = findComponents(labels, grid.shape, { classOf, connectivity });
  const clicked = componentAt(found, index);
  return propose(
    voxelsOf(found, (part) => part === clicked),
    label,
  );
}

/** Where holes are looked for. */
export interface HoleQuery {
  readonly label: number;
  /** Holes of slices with this normal, or holes in space. */
  readonly axis: Axis | null;
  /** One slice of that axis, or every one. */
  readonly slice: number | null;
  /** Fill empty voxels only, or every voxel that the label encloses. */
  readonly inside: "empty" | "any label";
}

/**
 * Fill what a label encloses: voxels without it from which no path over faces (in a slice: over edges) leads past
 * it to the border of the image.
 */
export function fillHoles({ grid, labels }: Scene, { label, axis, slice, inside }: HoleQuery): Proposal {
  const around = boxWhere(grid.shape, (index) => labels[index] === label);
  if (!around) return NOTHING;
  const filled: Uint32Array[] = [];
  for (const box of slicesOf(around, axis, slice)) {
    filled.push(enclosed({ grid, labels }, { label, box, axis }));
  }
  const indices = concatenate(filled).filter((index) => inside === "any label" || labels[index] === 0);
  return propose(indices.sort(), label);
}

function slicesOf({ low, high }: Box, axis: Axis | null, slice: number | null): Box[] {
  if (axis === null) return [{ low, high }];
  const boxes: Box[] = [];
  for (let n = low[axis]; n <= high[axis]; n++) {
    if (slice !== null && n !== slice) continue;
    boxes.push({ low: withAxis(low, axis, n), high: withAxis(high, axis, n) });
  }
  return boxes;
}

function withAxis(voxel: Vec3, axis: Axis, value: number): Vec3 {
  return [axis === 0 ? value : voxel[0], axis === 1 ? value : voxel[1], axis === 2 ? value : voxel[2]];
}

/** The box fits the label closely: what does not reach its faces is enclosed. */
function enclosed(
  { grid, labels }: Scene,
  { label, box, axis }: { label: number; box: Box; axis: Axis | null },
): Uint32Array {
  const shape = shapeOf(box);
  const without = maskIn(grid.shape, box, (index) => labels[index] !== label);
  const classOf = classTable([1], { separate: false });
  const found = findComponents(without, shape, { classOf, connectivity: 6 });
  const open = new Uint8Array(found.count);
  found.runs.first.forEach((first, run) => {
    const ends = [first, found.runs.last[run] as number];
    if (ends.some((place) => isOnFace(place, shape, axis))) open[found.runs.component[run] as number] = 1;
  });
  const holes = new Uint8Array(without.length);
  for (const place of voxelsOf(found, (part) => open[part] === 0)) holes[place] = 1;
  const indices: number[] = [];
  eachVoxel(grid.shape, box, (index, place) => {
    if (holes[place]) indices.push(index);
  });
  return Uint32Array.from(indices);
}

/** True on a face of the box; the faces across the axis of a slice do not count. */
function isOnFace(place: number, [nx, ny, nz]: Vec3, axis: Axis | null): boolean {
  const z = Math.floor(place / (nx * ny));
  const y = Math.floor(place / nx) % ny;
  const x = place % nx;
  return (
    (axis !== 0 && (x === 0 || x === nx - 1)) ||
    (axis !== 1 && (y === 0 || y === ny - 1)) ||
    (axis !== 2 && (z === 0 || z === nz - 1))
  );
}

function concatenate(arrays: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** What goes back to the mask as it was given. */
export type RevertWhere =
  | { readonly kind: "label"; readonly label: number }
  | { readonly kind: "part"; readonly voxel: Vec3; readonly connectivity: Connectivity }
  | { readonly kind: "slice"; readonly axis: Axis; readonly slice: number }
  | { readonly kind: "box"; readonly box: Box }
  | { readonly kind: "voxels"; readonly voxels: Uint32Array };

/**
 * Put the given labels back. A label: all voxels that have it in either mask. A part: the label under the voxel (now, or
 * where that is empty, as given), and its connected part in both masks together. A slice, a box, voxels: all of it.
 */
export function revert(
  { grid, labels }: Scene,
  { given, where }: { given: Uint8Array; where: RevertWhere },
): Proposal {
  if (where.kind === "voxels") {
    return asGiven(
      where.voxels.filter((index) => labels[index] !== given[index]),
      given,
    );
  }
  const box = where.kind === "box" ? where.box : boxOfSlice(wholeGrid(grid), where);
  const chosen = chooser({ grid, labels }, given, where);
  const indices: number[] = [];
  eachVoxel(grid.shape, box, (index) => {
    if (labels[index] !== given[index] && chosen(index)) indices.push(index);
  });
  return asGiven(Uint32Array.from(indices), given);
}

function asGiven(indices: Uint32Array, given: Uint8Array): Proposal {
  return { indices, after: Uint8Array.from(indices, (index) => given[index] as number) };
}

function boxOfSlice(whole: Box, where: RevertWhere): Box {
  if (where.kind !== "slice") return whole;
  return {
    low: withAxis(whole.low, where.axis, where.slice),
    high: withAxis(whole.high, where.axis, where.slice),
  };
}

function chooser({ grid, labels }: Scene, given: Uint8Array, where: RevertWhere): (index: number) => boolean {
  if (where.kind === "label") return (i) => labels[i] === where.label || given[i] === where.label;
  if (where.kind !== "part") return () => true;
  const clicked = indexOf(grid, where.voxel);
  const label = labels[clicked] || given[clicked];
  if (!label) return () => false;
  const both = labels.map((value, i) => (value === label || given[i] === label ? 1 : 0));
  const classOf = classTable([1], { separate: false });
  const found = findComponents(both, grid.shape, { classOf, connectivity: where.connectivity });
  const part = componentAt(found, clicked);
  for (const index of voxelsOf(found, (each) => each === part)) both[index] = 2;
  return (i) => both[i] === 2;
}
