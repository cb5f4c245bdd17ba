/** A stroke in progress: it writes at once, so that the eye can follow, and ends as one edit. */
import { type Box, union } from "./box";
import type { Edit } from "./edit";
import { allowedOver, type PaintRule, passes, type RawGate, rawGates } from "./rule";
import type { LabelStore } from "./store";

/** Collects every voxel that a gesture changes, with the label that it had before the gesture. */
export class Stroke {
  readonly store: LabelStore;
  readonly layer: number;
  readonly labels: Uint8Array;
  readonly #label: number;
  readonly #allowed: Uint8Array;
  readonly #gates: readonly RawGate[];
  readonly #brain: Uint8Array | null;
  #indices = new Uint32Array(4096);
  #before = new Uint8Array(4096);
  #count = 0;

  constructor(store: LabelStore, layer: number, rule: PaintRule) {
    this.store = store;
    this.layer = layer;
    this.labels = store.layer(layer);
    this.#label = rule.label;
    this.#allowed = allowedOver(rule);
    this.#gates = rawGates(rule);
    this.#brain = rule.label === 0 ? null : (rule.limits?.brain ?? null);
  }

  /** Set the voxels first … last (indices of one row, both included) where the rule allows it. */
  paintRun(first: number, last: number): boolean {
    const { labels } = this;
    const allowed = this.#allowed;
    const gates = this.#gates;
    const brain = this.#brain;
    let changed = false;
    for (let index = first; index <= last; index++) {
      const old = labels[index] as number;
      if (allowed[old] === 0) continue;
      if (brain && brain[index] === 0) continue;
      if (gates.length > 0 && !gates.every((gate) => passes(gate, index))) continue;
      this.#remember(index, old);
      labels[index] = this.#label;
      changed = true;
    }
    return changed;
  }

  #remember(index: number, old: number): void {
    if (this.#count === this.#indices.length) this.#grow();
    this.#indices[this.#count] = index;
    this.#before[this.#count++] = old;
    this.store.recount(this.layer, { from: old, to: this.#label, voxels: 1 });
  }

  #grow(): void {
    const indices = new Uint32Array(this.#indices.length * 2);
    indices.set(this.#indices);
    this.#indices = indices;
    const before = new Uint8Array(this.#before.length * 2);
    before.set(this.#before);
    this.#before = before;
  }

  /** Number of voxels changed so far. */
  get count(): number {
    return this.#count;
  }

  /** Tell the picture what to draw again. */
  show(box: Box | null): void {
    const all = union(box, null);
    if (all) this.store.announce({ layer: this.layer, box: all });
  }

  /**
   * Return the whole stroke as one edit, or null when nothing changed. One label is written by a stroke, and a
   * voxel that has it is never allowed again, so each index occurs once.
   */
  finish(): Edit | null {
    if (this.#count === 0) return null;
    const order = sortedOrder(this.#indices.subarray(0, this.#count));
    return {
      layer: this.layer,
      indices: order.indices,
      before: Uint8Array.from(order.places, (place) => this.#before[place] as number),
      after: new Uint8Array(this.#count).fill(this.#label),
    };
  }
}

/** Sort indices and say where each stood: index and place packed into one float64 sort without a comparator. */
function sortedOrder(indices: Uint32Array): { indices: Uint32Array; places: Uint32Array } {
  const n = indices.length;
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) keys[i] = (indices[i] as number) * 2 ** 22 + (i % 2 ** 22);
  if (n > 2 ** 22) return slowOrder(indices);
  keys.sort();
  const sorted = new Uint32Array(n);
  const places = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const key = keys[i] as number;
    sorted[i] = Math.floor(key / 2 ** 22);
    places[i] = key % 2 ** 22;
  }
  return { indices: sorted, places };
}

function slowOrder(indices: Uint32Array): { indices: Uint32Array; places: Uint32Array } {
  const places = Uint32Array.from(indices, (_, i) => i).sort(
    (a, b) => (indices[a] as number) - (indices[b] as number),
  );
  return { indices: Uint32Array.from(places, (place) => indices[place] as number), places };
}
