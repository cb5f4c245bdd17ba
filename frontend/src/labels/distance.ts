/**
 * Exact Euclidean distance in mm on any spacing.
 *
 * Source: Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012, doi:10.4086/toc.2012.v008a019.
 */
import { eachLine } from "./crop";
import type { Vec3 } from "./grid";

/**
 * Return for each voxel the squared distance in mm² from its centre to the nearest centre of a voxel of the mask; 0
 * inside the mask, Infinity everywhere when the mask is empty.
 */
export function squaredDistance(mask: Uint8Array, shape: Vec3, spacing: Vec3): Float64Array {
  const distance = Float64Array.from(mask, (inside) => (inside ? 0 : Number.POSITIVE_INFINITY));
  const strides = [1, shape[0], shape[0] * shape[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const line = new Line(shape[axis], spacing[axis]);
    eachLine(shape, axis, (start) => line.pass(distance, start, strides[axis]));
  }
  return distance;
}

/** The lower envelope of parabolas over one line. */
class Line {
  readonly #n: number;
  readonly #square: number;
  readonly #values: Float64Array;
  readonly #places: Int32Array;
  readonly #borders: Float64Array;

  constructor(n: number, spacing: number) {
    this.#n = n;
    this.#square = spacing * spacing;
    this.#values = new Float64Array(n);
    this.#places = new Int32Array(n);
    this.#borders = new Float64Array(n + 1);
  }

  pass(distance: Float64Array, start: number, stride: number): void {
    const values = this.#values;
    for (let i = 0; i < this.#n; i++) values[i] = distance[start + i * stride] as number;
    const count = this.#envelope();
    if (count === 0) return;
    for (let i = 0, k = 0; i < this.#n; i++) {
      while (k + 1 < count && (this.#borders[k + 1] as number) < i) k++;
      const place = this.#places[k] as number;
      distance[start + i * stride] = (values[place] as number) + this.#square * (i - place) * (i - place);
    }
  }

  #envelope(): number {
    let count = 0;
    for (let i = 0; i < this.#n; i++) {
      if (this.#values[i] === Number.POSITIVE_INFINITY) continue;
      let border = Number.NEGATIVE_INFINITY;
      while (count > 0) {
        border = this.#crossing(this.#places[count - 1] as number, i);
        if (border > (this.#borders[count - 1] as number)) break;
        count--;
      }
      if (count === 0) border = Number.NEGATIVE_INFINITY;
      this.#places[count] = i;
      this.#borders[count++] = border;
    }
    return count;
  }

  /** Where the parabola of the later place becomes the lower one. */
  #crossing(a: number, b: number): number {
    const rise = (this.#values[b] as number) - (this.#values[a] as number);
    return (rise / this.#square + b * b - a * a) / (2 * (b - a));
  }
}
