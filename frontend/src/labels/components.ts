/** Connected components of a label map, found by runs and union-find in one pass over the voxels. */
import type { Vec3 } from "./grid";

/** Which voxels touch: by faces (6), also by edges (18), also by corners (26). */
export type Connectivity = 6 | 18 | 26;

/**
 * Runs of voxels along x, in the order of their first voxel, each with the number of its component (from 0, in the
 * order of the components' first voxels). `last` is the run's last voxel.
 */
export interface Components {
  readonly count: number;
  /** The class of each component. */
  readonly classes: Uint8Array;
  readonly runs: {
    readonly first: Uint32Array;
    readonly last: Uint32Array;
    readonly component: Uint32Array;
  };
}

/** Return the table in which each of these label values is a class of its own, or all of them are class 1. */
export function classTable(values: readonly number[], { separate }: { separate: boolean }): Uint8Array {
  const table = new Uint8Array(256);
  for (const value of values) table[value] = separate ? value : 1;
  return table;
}

/**
 * Find the components of a label map of this shape. `classOf` gives the class of each of 256 label values: 0 is
 * left out, voxels of one class are joined where they touch.
 */
export function findComponents(
  labels: Uint8Array,
  shape: Vec3,
  { classOf, connectivity }: { classOf: Uint8Array; connectivity: Connectivity },
): Components {
  const runs = findRuns(labels, shape, classOf);
  const parent = Uint32Array.from({ length: runs.count }, (_, n) => n);
  joinRuns(runs, shape, { connectivity, parent });
  return number(runs, parent);
}

interface Runs {
  readonly count: number;
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly classes: Uint8Array;
  /** The first run of each row (y + z·ny), and the number of runs at the end. */
  readonly rows: Uint32Array;
}

function findRuns(labels: Uint8Array, [nx, ny, nz]: Vec3, classOf: Uint8Array): Runs {
  const rows = new Uint32Array(ny * nz + 1);
  let first = new Uint32Array(1 << 12);
  let last = new Uint32Array(1 << 12);
  let classes = new Uint8Array(1 << 12);
  let count = 0;
  // Most of a mask is background: four voxels at a time.
  const words =
    labels.byteOffset % 4 === 0 && classOf[0] === 0
      ? new Uint32Array(labels.buffer, labels.byteOffset, labels.length >> 2)
      : null;
  for (let row = 0; row < ny * nz; row++) {
    rows[row] = count;
    const end = (row + 1) * nx;
    for (let i = row * nx; i < end; ) {
      if (words && i % 4 === 0 && i + 4 <= end && words[i >> 2] === 0) {
        i += 4;
        continue;
      }
      const found = classOf[labels[i] as number] as number;
      const start = i++;
      if (found === 0) continue;
      while (i < end && classOf[labels[i] as number] === found) i++;
      if (count === first.length) {
        first = grown(first);
        last = grown(last);
        classes = grown(classes);
      }
      first[count] = start;
      last[count] = i - 1;
      classes[count++] = found;
    }
  }
  rows[ny * nz] = count;
  return { count, first, last, classes, rows };
}

function grown<T extends Uint32Array | Uint8Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}

/** A row already seen: its place relative to this one, and how far its runs may end beside a run and still touch it. */
interface Neighbour {
  readonly dy: number;
  readonly dz: number;
  readonly reach: 0 | 1;
}

const EARLIER_ROWS: Readonly<Record<Connectivity, readonly Neighbour[]>> = {
  6: [
    { dy: -1, dz: 0, reach: 0 },
    { dy: 0, dz: -1, reach: 0 },
  ],
  18: [
    { dy: -1, dz: 0, reach: 1 },
    { dy: 0, dz: -1, reach: 1 },
    { dy: -1, dz: -1, reach: 0 },
    { dy: 1, dz: -1, reach: 0 },
  ],
  26: [
    { dy: -1, dz: 0, reach: 1 },
    { dy: 0, dz: -1, reach: 1 },
    { dy: -1, dz: -1, reach: 1 },
    { dy: 1, dz: -1, reach: 1 },
  ],
};

function joinRuns(
  runs: Runs,
  [nx, ny, nz]: Vec3,
  { connectivity, parent }: { connectivity: Connectivity; parent: Uint32Array },
): void {
  const { rows } = runs;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = y + z * ny;
      if (rows[row] === rows[row + 1]) continue;
      for (const { dy, dz, reach } of EARLIER_ROWS[connectivity]) {
        if (y + dy < 0 || y + dy >= ny || z + dz < 0) continue;
        joinRows(runs, parent, { row, other: row + dy + dz * ny, nx, reach });
      }
    }
  }
}

function joinRows(
  { first, last, classes, rows }: Runs,
  parent: Uint32Array,
  { row, other, nx, reach }: { row: number; other: number; nx: number; reach: number },
): void {
  const shift = (row - other) * nx;
  const end = rows[row + 1] as number;
  const otherEnd = rows[other + 1] as number;
  let from = rows[other] as number;
  for (let a = rows[row] as number; a < end; a++) {
    const low = (first[a] as number) - shift - reach;
    const high = (last[a] as number) - shift + reach;
    while (from < otherEnd && (last[from] as number) < low) from++;
    for (let b = from; b < otherEnd && (first[b] as number) <= high; b++) {
      if (classes[a] === classes[b]) join(parent, a, b);
    }
  }
}

function rootOf(parent: Uint32Array, run: number): number {
  let root = run;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root] as number] as number;
    root = parent[root] as number;
  }
  return root;
}

/** The earlier run becomes the root, so that components are numbered by their first voxel. */
function join(parent: Uint32Array, a: number, b: number): void {
  const [rootA, rootB] = [rootOf(parent, a), rootOf(parent, b)];
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function number({ count: runCount, first, last, classes }: Runs, parent: Uint32Array): Components {
  const component = new Uint32Array(runCount);
  let count = 0;
  for (let run = 0; run < runCount; run++) {
    const root = rootOf(parent, run);
    component[run] = root === run ? count++ : (component[root] as number);
  }
  const classOfComponent = new Uint8Array(count);
  for (let run = 0; run < runCount; run++)
    classOfComponent[component[run] as number] = classes[run] as number;
  return {
    count,
    classes: classOfComponent,
    runs: { first: first.subarray(0, runCount), last: last.subarray(0, runCount), component },
  };
}

/** Return the number of voxels of each component. */
export function componentSizes({ count, runs }: Components): Uint32Array {
  const sizes = new Uint32Array(count);
  for (let run = 0; run < runs.first.length; run++) {
    const n = runs.component[run] as number;
    sizes[n] = (sizes[n] as number) + (runs.last[run] as number) - (runs.first[run] as number) + 1;
  }
  return sizes;
}

/** Return the number of the component that holds a voxel, or -1. */
export function componentAt({ runs: { first, last, component } }: Components, index: number): number {
  let low = 0;
  let high = first.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((last[middle] as number) < index) low = middle + 1;
    else if ((first[middle] as number) > index) high = middle - 1;
    else return component[middle] as number;
  }
  return -1;
}

/** Return the voxels of the components that are wanted, ascending. */
export function voxelsOf({ runs }: Components, wanted: (component: number) => boolean): Uint32Array {
  const { first, last, component } = runs;
  let count = 0;
  for (let run = 0; run < first.length; run++) {
    if (wanted(component[run] as number)) count += (last[run] as number) - (first[run] as number) + 1;
  }
  const voxels = new Uint32Array(count);
  let n = 0;
  for (let run = 0; run < first.length; run++) {
    if (!wanted(component[run] as number)) continue;
    for (let i = first[run] as number; i <= (last[run] as number); i++) voxels[n++] = i;
  }
  return voxels;
}
