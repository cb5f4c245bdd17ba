/** Undo and redo without limit over all tools. Each step is one packed edit with the name that people see. */
import { countEdit, type EditCounts, type PackedEdit } from "./edit";
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
  /** Counted once, so that sums over many steps unpack none. Steps kept by earlier versions lack it. */
  readonly counts?: EditCounts;
}

/** What a step is called, and whether it goes together with the one before it. */
export type StepNames = Omit<Step, "edit" | "counts">;

/** Deflates or inflates many arrays at once, beside the page. */
export type Squeeze = (parts: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>;

/** Steps this near to the present stay unfolded: undo and redo then need not wait. */
export const NEAR = 24;
/** Fewer bytes than these are not worth folding, nor fewer old steps at a time. */
const WORTH: FoldingLimits = { near: NEAR, bytes: 200, steps: 8 };
/** Names, counts and the objects themselves. */
const OWN_BYTES = 500;

/** Which steps are folded: farther from the present than `near`, of more bytes, and at least so many at once. */
export interface FoldingLimits {
  readonly near: number;
  readonly bytes: number;
  readonly steps: number;
}

/** Steps done and undone over one label store. Old ones are folded (deflated) when `fold` is called now and then. */
export class History {
  readonly #store: LabelStore;
  #steps: readonly Step[];
  #position: number;
  #folding = false;

  /** `steps` and `position` continue a history kept from before; the store must be in the state at `position`. */
  constructor(store: LabelStore, steps: readonly Step[] = [], position: number = steps.length) {
    if (position < 0 || position > steps.length)
      throw new RangeError("The position lies outside the history.");
    this.#store = store;
    this.#steps = steps.map(counted);
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
  record(edit: PackedEdit, names: StepNames): Step {
    const step = { ...names, edit, counts: countEdit(edit) };
    this.#steps = [...this.#steps.slice(0, this.#position), step];
    this.#position++;
    return step;
  }

  /** Write an edit and remember it. */
  do(edit: PackedEdit, names: StepNames): Step {
    this.#store.apply(edit);
    return this.record(edit, names);
  }

  /** Take the last step back. Returns it, or null when nothing is left. */
  undo(): Step | null {
    const step = this.#steps[this.#position - 1];
    if (!step) return null;
    this.#store.apply(step.edit, "undo");
    this.#position--;
    return step;
  }

  /** Do the step again that was undone last. Returns it, or null when nothing is left. */
  redo(): Step | null {
    const step = this.#steps[this.#position];
    if (!step) return null;
    this.#store.apply(step.edit);
    this.#position++;
    return step;
  }

  /** Undo or redo until `position` steps are done. Raises an error when a step on the way is folded. */
  goTo(position: number): void {
    while (this.#position > position && this.undo());
    while (this.#position < position && this.redo());
  }

  /** Fold the steps that are far from the present, when there are enough of them. */
  async fold(deflate: Squeeze, limits = WORTH): Promise<void> {
    const isFar = (place: number) => Math.abs(place - this.#position) > limits.near;
    const old = this.#steps.filter(
      ({ edit }, n) => isFar(n) && edit.deflated === undefined && edit.bytes.length > limits.bytes,
    );
    if (this.#folding || old.length < Math.max(1, limits.steps)) return;
    this.#folding = true;
    try {
      const folded = await deflate(old.map(({ edit }) => edit.bytes));
      const smaller = (step: Step, n: number): PackedEdit => {
        const bytes = folded[n] as Uint8Array;
        return bytes.length < step.edit.bytes.length
          ? { ...step.edit, bytes, deflated: true }
          : { ...step.edit, deflated: false };
      };
      // Somebody may have gone back meanwhile: what is near now stays as it is.
      this.#exchange(new Map(old.map((step, n) => [step, smaller(step, n)])), isFar);
    } finally {
      this.#folding = false;
    }
  }

  /** Unfold all steps on the way to a position. Returns null when none of them is folded. */
  unfold(position: number, inflate: Squeeze): Promise<void> | null {
    const [from, to] = [Math.min(position, this.#position), Math.max(position, this.#position)];
    return this.#unfold(this.#steps.slice(from, to), inflate);
  }

  /** Return all steps unfolded, as a journal keeps them; here they stay as they are. */
  async unfolded(inflate: Squeeze): Promise<readonly Step[]> {
    const steps = this.#steps;
    const folded = steps.filter(({ edit }) => edit.deflated);
    const parts = folded.length > 0 ? await inflate(folded.map(({ edit }) => edit.bytes)) : [];
    const bytes = new Map(folded.map((step, n) => [step, parts[n] as Uint8Array]));
    return steps.map((step) => {
      const unfolded = bytes.get(step);
      return unfolded ? { ...step, edit: { ...step.edit, bytes: unfolded, deflated: false } } : step;
    });
  }

  /** Unfold the steps around the present, so that the next ones of an undo or redo need not wait. */
  unfoldNear(inflate: Squeeze): Promise<void> | null {
    const from = Math.max(0, this.#position - NEAR);
    return this.#unfold(this.#steps.slice(from, this.#position + NEAR), inflate);
  }

  #unfold(steps: readonly Step[], inflate: Squeeze): Promise<void> | null {
    const folded = steps.filter(({ edit }) => edit.deflated);
    if (folded.length === 0) return null;
    return inflate(folded.map(({ edit }) => edit.bytes)).then((parts) => {
      const plain = ({ deflated: _, ...edit }: PackedEdit, n: number) => ({
        ...edit,
        bytes: parts[n] as Uint8Array,
      });
      this.#exchange(new Map(folded.map((step, n) => [step, plain(step.edit, n)])), () => true);
    });
  }

  /** Put other forms of the same edits in the place of those that are still there. */
  #exchange(edits: ReadonlyMap<Step, PackedEdit>, where: (place: number) => boolean): void {
    this.#steps = this.#steps.map((step, n) => {
      const edit = edits.get(step);
      return edit && where(n) ? { ...step, edit } : step;
    });
  }

  /** Bytes held: the packed edits, and what each step's own record takes at most. */
  get bytes(): number {
    return this.#steps.reduce((sum, step) => sum + step.edit.bytes.length + OWN_BYTES, 0);
  }
}

function counted(step: Step): Step {
  return step.counts ? step : { ...step, counts: countEdit(step.edit) };
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
    const counts = step.counts ?? countEdit(step.edit);
    addTo(sums.added, counts.added);
    addTo(sums.removed, counts.removed);
    layers.set(step.edit.layer, sums);
  }
  return { layers, tools };
}

function addTo(sums: Map<number, number>, counts: ReadonlyMap<number, number>): void {
  for (const [value, count] of counts) sums.set(value, (sums.get(value) ?? 0) + count);
}
