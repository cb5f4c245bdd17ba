/** From what a journal keeps to labels and their history; of a damaged journal, as far as it can be read. */
import type { Assignment } from "@/api/assignment";
import { type Grid, History, LabelStore, makeGrid, unpackLabels } from "@/labels";
import { isRecord } from "./database";
import type { KeptDraft } from "./journal";

/** Labels and their history, ready to be edited. */
export interface OpenedLabels {
  readonly store: LabelStore;
  readonly history: History;
}

/** What could not be replayed. */
export interface Damage {
  readonly kept: KeptDraft;
  /** What is wrong, for those who look into it. */
  readonly why: string;
  /** The labels after the steps that could be read; null when not even the first state could. */
  readonly readable: { readonly store: LabelStore; readonly steps: number } | null;
}

/** Either the labels, or what is wrong with what was kept. */
export type Rebuilt =
  | { readonly kind: "whole"; readonly labels: OpenedLabels }
  | { readonly kind: "damaged"; readonly damage: Damage };

/** Return the grid of an assignment. */
export function gridOf(assignment: Assignment): Grid {
  return makeGrid(assignment.grid.shape, assignment.grid.affine);
}

/** Build the labels that the browser kept: the first state, then every step. A step knows the state it was made from. */
export function rebuild(assignment: Assignment, kept: KeptDraft): Rebuilt {
  const { position } = kept.record;
  let labels: OpenedLabels | null = null;
  try {
    labels = firstState(assignment, kept);
    const { history } = labels;
    history.goTo(history.steps.length);
    if (position > history.position || kept.beyond.length > 0)
      throw new RangeError(`Step ${history.position + 1} is missing.`);
    history.goTo(position);
    return { kind: "whole", labels };
  } catch (error) {
    labels?.history.goTo(Math.min(labels.history.position, position));
    const why = error instanceof Error ? error.message : String(error);
    const readable = labels && { store: labels.store, steps: labels.history.position };
    return { kind: "damaged", damage: { kept, why, readable } };
  }
}

/** The labels before the first step. Raises an error when they cannot be read or do not fit the assignment. */
function firstState(assignment: Assignment, { record, steps }: KeptDraft): OpenedLabels {
  if (!isRecord(record)) throw new TypeError("Parts of the record are missing.");
  const grid = gridOf(assignment);
  const layerCount = assignment.scheme.layers.length;
  const store = new LabelStore(grid, layerCount, unpackLabels(record.snapshot, grid.size * layerCount));
  return { store, history: new History(store, steps, 0) };
}
