/** The smallest box of voxels that covers a change: what has to be sent to the graphics card again. */
import type { Grid, Vec3 } from "./grid";

/** First and last voxel along each axis, both inside the box. */
export interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}

/** The smallest box around runs of voxels that follow each other by their index: x fastest, then y, then z. */
export class Bounds {
  readonly #shape: Vec3;
  readonly #low: [number, number, number] = [Infinity, Infinity, Infinity];
  readonly #high: [number, number, number] = [-1, -1, -1];

  constructor({ shape }: Grid) {
    this.#shape = shape;
  }

  /** Include a run, which may go on in the next rows and slices. */
  include(start: number, length: number): void {
    const [nx, ny] = this.#shape;
    const end = start + length - 1;
    const [firstRow, lastRow] = [Math.floor(start / nx), Math.floor(end / nx)];
    const [firstSlice, lastSlice] = [Math.floor(firstRow / ny), Math.floor(lastRow / ny)];
    if (firstRow === lastRow) this.#reach(0, start - firstRow * nx, end - firstRow * nx);
    else this.#reach(0, 0, nx - 1);
    if (firstSlice === lastSlice) this.#reach(1, firstRow - firstSlice * ny, lastRow - firstSlice * ny);
    else this.#reach(1, 0, ny - 1);
    this.#reach(2, firstSlice, lastSlice);
  }

  #reach(axis: 0 | 1 | 2, low: number, high: number): void {
    if (low < this.#low[axis]) this.#low[axis] = low;
    if (high > this.#high[axis]) this.#high[axis] = high;
  }

  /** The box, or null when nothing was included. */
  get box(): Box | null {
    return this.#high[0] < 0 ? null : { low: [...this.#low], high: [...this.#high] };
  }
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
