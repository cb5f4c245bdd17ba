/** One slice of a volume, and the lines in it along which a value is reached (marching squares). */
import type { Axis, Grid } from "./grid";

/** Values of one slice: index = u + v·width, where u and v are the two voxel axes of the plane in ascending order. */
export interface Slice {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** A closed line: u and v of each corner in voxel positions; the last corner joins the first. */
export type Contour = Float32Array;

/** Return the slice of a volume at a voxel of the axis that stands upright on it; `read` turns stored into wanted values. */
export function sliceAt(
  { shape: [nx, ny, nz] }: Grid,
  volume: ArrayLike<number>,
  { axis, at, read = Number }: { axis: Axis; at: number; read?: (stored: number) => number },
): Slice {
  const steps = [1, nx, nx * ny] as const;
  const [u, v] = axis === 0 ? ([1, 2] as const) : axis === 1 ? ([0, 2] as const) : ([0, 1] as const);
  const sizes = [nx, ny, nz] as const;
  const [width, height] = [sizes[u], sizes[v]];
  const values = new Float32Array(width * height);
  let n = 0;
  for (let j = 0; j < height; j++) {
    let index = at * steps[axis] + j * steps[v];
    for (let i = 0; i < width; i++, index += steps[u]) values[n++] = read(volume[index] as number);
  }
  return { width, height, values };
}

/**
 * Sides of a cell are numbered below, right, above, left; its corners are bits 1, 2, 4, 8 from below left, counter-
 * clockwise. For each set of corners at or above the level: from which side to which the line runs, what is above on
 * its left. Two corners across (5, 10) are joined or apart, as the middle of the cell says.
 */
const LINES: readonly (readonly number[])[] = [
  [],
  [0, 3],
  [1, 0],
  [1, 3],
  [2, 1],
  [0, 3, 2, 1],
  [2, 0],
  [2, 3],
  [3, 2],
  [0, 2],
  [1, 0, 3, 2],
  [1, 2],
  [3, 1],
  [0, 1],
  [3, 0],
  [],
];
const JOINED: Readonly<Record<number, readonly number[]>> = { 5: [0, 1, 2, 3], 10: [3, 0, 1, 2] };

/** Return the closed lines around all that is at or above a level greater than 0. Outside the slice everything is 0. */
export function contoursOf(slice: Slice, level: number): Contour[] {
  const lines = new LineFinder(slice, level);
  for (let y = -1; y < slice.height; y++) for (let x = -1; x < slice.width; x++) lines.look(x, y);
  return lines.joined();
}

/** A label in a slice, and the closed lines around its voxels. */
export interface LabelOutline {
  readonly value: number;
  readonly lines: readonly Contour[];
}

/** Return the outline of each label of a slice. Only the box around a label is looked through. */
export function outlinesOf({ width, height, values }: Slice): LabelOutline[] {
  const boxes = new Map<number, { u: [number, number]; v: [number, number] }>();
  for (let v = 0, n = 0; v < height; v++) {
    for (let u = 0; u < width; u++, n++) {
      const value = values[n] as number;
      if (value === 0) continue;
      const box = boxes.get(value);
      if (!box) boxes.set(value, { u: [u, u], v: [v, v] });
      else {
        if (u < box.u[0]) box.u[0] = u;
        if (u > box.u[1]) box.u[1] = u;
        box.v[1] = v;
      }
    }
  }
  return [...boxes].map(([value, { u, v }]) => {
    const [columns, rows] = [u[1] - u[0] + 1, v[1] - v[0] + 1];
    const mask = new Float32Array(columns * rows);
    for (let j = 0; j < rows; j++) {
      const start = u[0] + (v[0] + j) * width;
      for (let i = 0; i < columns; i++) if (values[start + i] === value) mask[i + j * columns] = 1;
    }
    const lines = contoursOf({ width: columns, height: rows, values: mask }, 0.5);
    return { value, lines: lines.map((line) => line.map((place, n) => place + (n % 2 === 0 ? u[0] : v[0]))) };
  });
}

/** Collects the pieces of line cell by cell, by the grid edges that they run between, and joins them. */
class LineFinder {
  readonly #slice: Slice;
  readonly #level: number;
  readonly #next = new Map<number, number>();

  constructor(slice: Slice, level: number) {
    this.#slice = slice;
    this.#level = level;
  }

  #at(x: number, y: number): number {
    const { width, height, values } = this.#slice;
    return x < 0 || y < 0 || x >= width || y >= height ? 0 : (values[x + y * width] as number);
  }

  look(x: number, y: number): void {
    const corners = [this.#at(x, y), this.#at(x + 1, y), this.#at(x + 1, y + 1), this.#at(x, y + 1)] as const;
    const [a, b, c, d] = corners.map((value, n) => (value >= this.#level ? 1 << n : 0)) as [
      number,
      number,
      number,
      number,
    ];
    const set = a | b | c | d;
    if (set === 0 || set === 15) return;
    const middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
    const sides = (middle >= this.#level && JOINED[set]) || (LINES[set] as readonly number[]);
    for (let n = 0; n < sides.length; n += 2) {
      this.#next.set(this.#edge(x, y, sides[n] as number), this.#edge(x, y, sides[n + 1] as number));
    }
  }

  /** Number an edge between two neighbours: even ones run along u, odd ones along v, from their first voxel. */
  #edge(x: number, y: number, side: number): number {
    const row = this.#slice.width + 2;
    const first = (u: number, v: number) => 2 * ((v + 1) * row + u + 1);
    if (side === 0) return first(x, y);
    if (side === 2) return first(x, y + 1);
    return first(side === 1 ? x + 1 : x, y) + 1;
  }

  #place(edge: number): [number, number] {
    const row = this.#slice.width + 2;
    const first = edge >> 1;
    const [x, y] = [(first % row) - 1, Math.floor(first / row) - 1];
    const isUpright = edge % 2 === 1;
    const from = this.#at(x, y);
    const to = isUpright ? this.#at(x, y + 1) : this.#at(x + 1, y);
    const part = (this.#level - from) / (to - from);
    return isUpright ? [x, y + part] : [x + part, y];
  }

  joined(): Contour[] {
    const found: Contour[] = [];
    for (const start of this.#next.keys()) {
      const corners: number[] = [];
      let edge: number | undefined = start;
      while (edge !== undefined) {
        corners.push(...this.#place(edge));
        const following: number | undefined = this.#next.get(edge);
        this.#next.delete(edge);
        edge = following === start ? undefined : following;
      }
      found.push(Float32Array.from(corners));
    }
    return found;
  }
}
