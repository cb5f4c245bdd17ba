/** The labels being edited: one Uint8Array per layer, their voxel counts, and who wants to know of changes. */
import { Bounds, type Box, wholeGrid } from "./box";
import { eachRun, type PackedEdit } from "./edit";
import type { Grid } from "./grid";

/** What changed: one layer, the smallest box around it. */
export interface Change {
  readonly layer: number;
  readonly box: Box;
  /** The very voxels, where they are known. */
  readonly edit?: PackedEdit;
}

/** Labels of all layers on one grid. Every write goes through here, so that counts and pictures stay true. */
export class LabelStore {
  readonly grid: Grid;
  readonly layers: readonly Uint8Array[];
  readonly #counts: readonly Uint32Array[];
  readonly #revisions: number[];
  readonly #listeners = new Set<(change: Change) => void>();

  /** `labels` holds the layers one after another. Raises RangeError when its length does not fit the grid. */
  constructor(grid: Grid, layerCount: number, labels: Uint8Array) {
    if (labels.length !== grid.size * layerCount) {
      throw new RangeError(
        `The labels hold ${labels.length} voxels, the grid needs ${grid.size * layerCount}.`,
      );
    }
    this.grid = grid;
    this.layers = Array.from({ length: layerCount }, (_, n) =>
      labels.slice(n * grid.size, (n + 1) * grid.size),
    );
    this.#counts = this.layers.map(countLabels);
    this.#revisions = this.layers.map(() => 0);
  }

  /** The labels of one layer, to be read only. */
  layer(layer: number): Uint8Array {
    const labels = this.layers[layer];
    if (!labels) throw new RangeError(`There is no layer ${layer}.`);
    return labels;
  }

  /** A number that grows with every change of one layer: what was made of its labels holds as long as it stays. */
  revision(layer: number): number {
    return this.#revisions[layer] ?? 0;
  }

  /** Number of voxels of one label. */
  count(layer: number, value: number): number {
    return this.#counts[layer]?.[value] ?? 0;
  }

  /** Volume of one label in ml. */
  volumeMl(layer: number, value: number): number {
    return this.count(layer, value) * this.grid.voxelMl;
  }

  /** Write an edit, or take it back. Raises RangeError, and writes nothing, when the labels are not what it says they were. */
  apply(edit: PackedEdit, direction: "do" | "undo" = "do"): void {
    const labels = this.layer(edit.layer);
    const isUndo = direction === "undo";
    eachRun(edit, ({ start, length, before, after }) => {
      if (!isAll(labels, isUndo ? after : before, { start, end: start + length }))
        throw new RangeError("The edit does not fit the labels: it was made from another state.");
    });
    const counts = this.#counts[edit.layer] as Uint32Array;
    const bounds = new Bounds(this.grid);
    eachRun(edit, ({ start, length, before, after }) => {
      const [from, to] = isUndo ? [after, before] : [before, after];
      labels.fill(to, start, start + length);
      counts[from] = (counts[from] as number) - length;
      counts[to] = (counts[to] as number) + length;
      bounds.include(start, length);
    });
    const { box } = bounds;
    if (box) this.announce({ layer: edit.layer, box, edit });
  }

  /** For strokes that write voxel by voxel: keep the counts true. The caller announces the box itself. */
  recount(layer: number, { from, to, voxels }: { from: number; to: number; voxels: number }): void {
    const counts = this.#counts[layer] as Uint32Array;
    counts[from] = (counts[from] as number) - voxels;
    counts[to] = (counts[to] as number) + voxels;
  }

  /** Put other labels in place of all layers, as after choosing another version. */
  replace(labels: Uint8Array): void {
    if (labels.length !== this.grid.size * this.layers.length) {
      throw new RangeError("The labels have another size than the grid.");
    }
    this.layers.forEach((layer, n) => {
      layer.set(labels.subarray(n * this.grid.size, (n + 1) * this.grid.size));
      this.#counts[n]?.set(countLabels(layer));
      this.announce({ layer: n, box: wholeGrid(this.grid) });
    });
  }

  /** Return a copy of all layers, one after another: the form that is stored and sent. */
  concatenate(): Uint8Array {
    const all = new Uint8Array(this.grid.size * this.layers.length);
    this.layers.forEach((layer, n) => {
      all.set(layer, n * this.grid.size);
    });
    return all;
  }

  /** Tell the listeners that a box of a layer changed. */
  announce(change: Change): void {
    this.#revisions[change.layer] = this.revision(change.layer) + 1;
    for (const listener of this.#listeners) listener(change);
  }

  /** Be told of every change. Returns the way to stop listening. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function countLabels(labels: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let i = 0; i < labels.length; i++)
    counts[labels[i] as number] = (counts[labels[i] as number] as number) + 1;
  return counts;
}

/** True when all of these labels have the value; false also where there are not so many. */
function isAll(labels: Uint8Array, value: number, { start, end }: { start: number; end: number }): boolean {
  if (end > labels.length) return false;
  for (let index = start; index < end; index++) if (labels[index] !== value) return false;
  return true;
}
