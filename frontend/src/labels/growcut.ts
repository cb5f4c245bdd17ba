/**
 * Grow-cut from scribbles: every voxel of a box goes to the foreground or background mark that reaches it best.
 *
 * The rest state of the automaton of Vezhnevets and Konouchine (GraphiCon 2005): a mark's strength falls from voxel
 * to neighbour by the factor 1 − |difference of intensity|, and the strongest mark keeps the voxel. It is computed
 * directly by a best-first search, as by Zhu et al. (doi:10.1117/12.2049164), not by iterating.
 */
import type { Box } from "./box";
import { eachVoxel, shapeOf } from "./crop";
import type { Vec3 } from "./grid";
import { StrengthQueue } from "./queue";
import type { Intensities } from "./rule";

/** Values in a map of marks. */
export const FOREGROUND = 1;
export const BACKGROUND = 2;

/** What grow-cut looks at: one or more images cut to the box, and the marks in it. Each image counts by its range there. */
export interface GrowCut {
  readonly shape: Vec3;
  readonly channels: readonly Float32Array[];
  /** FOREGROUND, BACKGROUND or 0. */
  readonly marks: Uint8Array;
}

/** Cut the box out of an image, in its raw units: grow-cut looks at differences only. */
export function channelIn({ raw }: Intensities, shape: Vec3, box: Box): Float32Array {
  const size = shapeOf(box);
  const values = new Float32Array(size[0] * size[1] * size[2]);
  eachVoxel(shape, box, (index, place) => {
    values[place] = raw[index] as number;
  });
  return values;
}

/** Scale an image so that its darkest voxel is 0 and its brightest 1. */
function scaled(values: Float32Array): Float32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const width = high - low || 1;
  return values.map((value) => (value - low) / width);
}

const STEPS_PER_REPORT = 1 << 16;

/**
 * Return FOREGROUND or BACKGROUND for every voxel of the box, 0 where no mark reaches. Voxels touch by faces. The
 * difference between two voxels is the largest over the channels.
 */
export function growCut(cut: GrowCut, report: (part: number) => void = () => undefined): Uint8Array {
  const front = new Front(cut);
  for (let done = 1; front.advance(); done++) {
    if (done % STEPS_PER_REPORT === 0) report(done / cut.marks.length);
  }
  return front.result;
}

/** The search: voxels are settled in the order of the strength that reaches them. */
class Front {
  readonly result: Uint8Array;
  readonly #shape: Vec3;
  readonly #channels: readonly Float32Array[];
  readonly #strength: Float32Array;
  readonly #settled: Uint8Array;
  readonly #queue = new StrengthQueue();

  constructor({ shape, channels, marks }: GrowCut) {
    this.result = Uint8Array.from(marks);
    this.#shape = shape;
    this.#channels = channels.map(scaled);
    this.#strength = Float32Array.from(marks, (mark) => (mark === 0 ? 0 : 1));
    this.#settled = new Uint8Array(marks.length);
    for (let i = 0; i < marks.length; i++) if (marks[i] !== 0) this.#queue.push(i, 1);
  }

  /** Settle the strongest voxel that is left. Returns false when there is none. */
  advance(): boolean {
    let index = this.#queue.pop();
    while (index >= 0 && this.#settled[index] === 1) index = this.#queue.pop();
    if (index < 0) return false;
    this.#settled[index] = 1;
    const [nx, ny, nz] = this.#shape;
    const x = index % nx;
    const y = Math.floor(index / nx) % ny;
    const z = Math.floor(index / (nx * ny));
    if (x > 0) this.#attack(index, index - 1);
    if (x < nx - 1) this.#attack(index, index + 1);
    if (y > 0) this.#attack(index, index - nx);
    if (y < ny - 1) this.#attack(index, index + nx);
    if (z > 0) this.#attack(index, index - nx * ny);
    if (z < nz - 1) this.#attack(index, index + nx * ny);
    return true;
  }

  #attack(index: number, next: number): void {
    if (this.#settled[next] === 1) return;
    const reached = Math.fround((this.#strength[index] as number) * this.#likeness(index, next));
    if (reached <= (this.#strength[next] as number)) return;
    this.#strength[next] = reached;
    this.result[next] = this.result[index] as number;
    this.#queue.push(next, reached);
  }

  /** 1 for equal intensities, 0 for the darkest beside the brightest. */
  #likeness(a: number, b: number): number {
    let difference = 0;
    for (const channel of this.#channels) {
      difference = Math.max(difference, Math.abs((channel[a] as number) - (channel[b] as number)));
    }
    return 1 - difference;
  }
}
