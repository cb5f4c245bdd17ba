/** How many voxels any of several labels in different layers marks, kept true while the labels change. */
import type { Box } from "./box";
import { eachRun } from "./edit";
import type { LabelStore } from "./store";

/** One label of one layer. */
export interface LabelPlace {
  readonly layer: number;
  readonly value: number;
}

/** Counts each voxel once, however many layers mark it. Only what changed is looked at again. */
export class UnionCount {
  readonly #store: LabelStore;
  readonly #wanted: readonly { readonly labels: Uint8Array; readonly inside: Uint8Array }[];
  readonly #marked: Uint8Array;
  #count = 0;

  constructor(store: LabelStore, places: readonly LabelPlace[]) {
    this.#store = store;
    const layers = [...new Set(places.map(({ layer }) => layer))];
    this.#wanted = layers.map((layer) => {
      const inside = new Uint8Array(256);
      for (const place of places) if (place.layer === layer) inside[place.value] = 1;
      return { labels: store.layer(layer), inside };
    });
    this.#marked = new Uint8Array(store.grid.size);
    const [nx, ny, nz] = store.grid.shape;
    this.#look({ low: [0, 0, 0], high: [nx - 1, ny - 1, nz - 1] });
    store.subscribe(({ layer, box, edit }) => {
      if (!layers.includes(layer)) return;
      if (edit) eachRun(edit, ({ start, length }) => this.#markRun(start, start + length));
      else this.#look(box);
    });
  }

  /** Number of voxels. */
  get count(): number {
    return this.#count;
  }

  #look({ low, high }: Box): void {
    const [nx, ny] = this.#store.grid.shape;
    for (let z = low[2]; z <= high[2]; z++) {
      for (let y = low[1]; y <= high[1]; y++) {
        const row = (z * ny + y) * nx;
        this.#markRun(row + low[0], row + high[0] + 1);
      }
    }
  }

  #markRun(start: number, end: number): void {
    for (let index = start; index < end; index++) {
      let now = 0;
      for (const { labels, inside } of this.#wanted) now |= inside[labels[index] as number] as number;
      this.#count += now - (this.#marked[index] as number);
      this.#marked[index] = now;
    }
  }
}
