/** Undo and redo without limit over all tools. Each step is one packed edit with the name that people see. */
import { countEdit, type Edit, type EditCounts, invert } from "./edit";
import { type PackedEdit, packEdit, unpackEdit } from "./pack";
import type { LabelStore } from "./store";

/** One step of the history. */
export interface Step {
  /** What people read, as "Brush · Oedema". */
  readonly name: string;
  /** The tool, for the statistics. */
  readonly tool: string;
  readonly edit: PackedEdit;
  /** True when it is undone and redone together with the step before it: one edit per layer makes one step. */
  readonly joined?: boolean;
}

/** What a step is called, and whether it goes together with the one before it. */
export type StepNames = Omit<Step, "edit">;

/** Steps done and undone over one label store. */
export class History {
  readonly #store: LabelStore;
  #steps: Step[];
  #position: number;

  /** `steps` and `position` continue a history kept from before; the store must be in the state at `position`. */
  constructor(store: LabelStore, steps: readonly Step[] = [], position: number = steps.length) {
    if (position < 0 || position > steps.length)
      throw new RangeError("The position lies outside the history.");
    this.#store = store;
    this.#steps = [...steps];
    this.#position = position;
  }

  /** All steps, done and undone, oldest first. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** How many steps are done; the rest can be redone. */
  get position(): number {
    return this.#position;
  }

  /** Remember an edit that a stroke has already written. Steps that were undone are gone from now on. */
  record(edit: Edit, names: StepNames): Step {
    const step = { ...names, edit: packEdit(edit) };
    this.#steps = [...this.#steps.slice(0, this.#position), step];
    this.#position++;
    return step;
  }

  /** Write an edit and remember it. */
  do(edit: Edit, names: StepNames): Step {
    this.#store.apply(edit);
    return this.record(edit, names);
  }

  /** Take the last step back. Returns it, or null when nothing is left. */
  undo(): Step | null {
    const step = this.#steps[this.#position - 1];
    if (!step) return null;
    this.#store.apply(invert(unpackEdit(step.edit)));
    this.#position--;
    return step;
  }

  /** Do the step again that was undone last. Returns it, or null when nothing is left. */
  redo(): Step | null {
    const step = this.#steps[this.#position];
    if (!step) return null;
    this.#store.apply(unpackEdit(step.edit));
    this.#position++;
    return step;
  }

  /** Undo or redo until `position` steps are done. */
  goTo(position: number): void {
    while (this.#position > position && this.undo());
    while (this.#position < position && this.redo());
  }

  /** Bytes held: the packed edits and 200 bytes for each step's own record. */
  get bytes(): number {
    return this.#steps.reduce((sum, step) => sum + step.edit.bytes.length + 200, 0);
  }
}

/** What a person did, summed over the steps that stand: voxels per layer and label value, and uses per tool. */
export interface EditStatistics {
  readonly layers: ReadonlyMap<number, EditCounts>;
  readonly tools: ReadonlyMap<string, number>;
}

/** Sum up the steps that stand at `position`. */
export function summarise(steps: readonly Step[], position: number): EditStatistics {
  const layers = new Map<number, { added: Map<number, number>; removed: Map<number, number> }>();
  const tools = new Map<string, number>();
  for (const step of steps.slice(0, position)) {
    if (!step.joined) tools.set(step.tool, (tools.get(step.tool) ?? 0) + 1);
    const sums = layers.get(step.edit.layer) ?? { added: new Map(), removed: new Map() };
    const counts = countEdit(unpackEdit(step.edit));
    addTo(sums.added, counts.added);
    addTo(sums.removed, counts.removed);
    layers.set(step.edit.layer, sums);
  }
  return { layers, tools };
}

function addTo(sums: Map<number, number>, counts: ReadonlyMap<number, number>): void {
  for (const [value, count] of counts) sums.set(value, (sums.get(value) ?? 0) + count);
}
