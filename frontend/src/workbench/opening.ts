/** Open an assignment: read it, compare what this browser kept with what the server has, and load the labels. */
import type { Assignment, AssignmentApi, BranchOrigin, Notes } from "@/api/assignment";
import { type Grid, History, LabelStore, makeGrid, packLabels, unpackEdit, unpackLabels } from "@/labels";
import { choose } from "./drafts/choose";
import type { DraftRecord } from "./drafts/database";
import { gzip, readLabels } from "./drafts/gzip";
import type { Journal, KeptDraft } from "./drafts/journal";

/** Labels and their history, ready to be edited. */
export interface OpenedLabels {
  readonly store: LabelStore;
  readonly history: History;
}

/** Either the labels, or the question which of two versions to go on with. */
export type Opening =
  | { readonly kind: "ready"; readonly labels: OpenedLabels }
  | { readonly kind: "ask"; readonly local: KeptDraft };

/** The answer of the person: go on with what this browser kept, or with what the server has. */
export type Version = "local" | "server";

/** Return the grid of an assignment. */
export function gridOf(assignment: Assignment): Grid {
  return makeGrid(assignment.grid.shape, assignment.grid.affine);
}

/** Compare the two versions and open the newer; ask when both hold work that the other lacks. */
export async function openLabels(
  api: AssignmentApi,
  assignment: Assignment,
  journal: Journal,
): Promise<Opening> {
  const kept = await journal.read();
  const local = kept && {
    base: kept.record.base,
    sequence: kept.record.sequence,
    unsent: kept.record.revision !== kept.record.uploaded,
  };
  const choice = choose(local, { base: assignment.base, sequence: assignment.draft?.sequence ?? 0 });
  if (kept && choice === "ask" && !(await isOwnSave(api, assignment, kept)))
    return { kind: "ask", local: kept };
  if (kept && choice === "ask") await journal.note({ sequence: assignment.draft?.sequence ?? 0 });
  if (kept && choice !== "server") return { kind: "ready", labels: replay(assignment, kept) };
  return { kind: "ready", labels: await openServerVersion(api, assignment, journal) };
}

/**
 * True when the server's later draft is a state that a step of this browser's history led to, with the same answers and
 * comments: it was saved from here, and the answer was lost on the way or the window closed before it came. Going on
 * here then loses nothing, and there is nothing to ask.
 */
async function isOwnSave(api: AssignmentApi, assignment: Assignment, kept: KeptDraft): Promise<boolean> {
  const { draft, notes } = assignment;
  const { base, answers, comments } = kept.record;
  if (!draft || base !== assignment.base) return false;
  if (!isSame(answers, notes.answers) || !isSame(comments, notes.comments)) return false;
  return passes(replay(assignment, kept), await readLabels(await api.bytes(draft.labels)));
}

/** Equal as JSON, whatever the order of the fields. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [mine, theirs] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return mine.size === theirs.size && [...mine].every(([key, value]) => isSame(value, theirs.get(key)));
}

/** True when the labels are these after some step of the history, or when there is no step. It is left there. */
function passes({ store, history }: OpenedLabels, wanted: Uint8Array): boolean {
  const { size } = store.grid;
  history.goTo(history.steps.length);
  let different = 0;
  store.layers.forEach((labels, n) => {
    for (let i = 0; i < size; i++) if (labels[i] !== wanted[n * size + i]) different++;
  });
  while (different > 0) {
    const step = history.undo();
    if (!step) return false;
    const { layer, indices, before, after } = unpackEdit(step.edit);
    indices.forEach((index, n) => {
      const there = wanted[layer * size + index];
      different += Number(before[n] !== there) - Number(after[n] !== there);
    });
  }
  // Labels as they were opened may be those of somebody who began elsewhere: that is asked.
  return history.position > 0 || history.steps.length === 0;
}

/** Build the labels that the browser kept: the snapshot, then every step that was done. */
export function replay(assignment: Assignment, { record, steps }: KeptDraft): OpenedLabels {
  const grid = gridOf(assignment);
  const layerCount = assignment.scheme.layers.length;
  const store = new LabelStore(grid, layerCount, unpackLabels(record.snapshot, grid.size * layerCount));
  const history = new History(store, steps, 0);
  history.goTo(record.position);
  return { store, history };
}

/** Load the server's version and begin the journal with it. Raises an error when it does not fit the grid. */
export async function openServerVersion(
  api: AssignmentApi,
  assignment: Assignment,
  journal: Journal,
): Promise<OpenedLabels> {
  const bytes = await readLabels(await api.bytes(assignment.draft?.labels ?? assignment.start));
  const store = new LabelStore(gridOf(assignment), assignment.scheme.layers.length, bytes);
  await journal.begin(freshRecord(assignment, bytes));
  return { store, history: new History(store) };
}

/** Read the mask as it was given, one array per layer. */
export async function readGiven(api: AssignmentApi, assignment: Assignment): Promise<readonly Uint8Array[]> {
  const bytes = await readLabels(await api.bytes(assignment.start));
  return new LabelStore(gridOf(assignment), assignment.scheme.layers.length, bytes).layers;
}

function freshRecord(assignment: Assignment, labels: Uint8Array): DraftRecord {
  return {
    assignment: assignment.id,
    base: assignment.base,
    sequence: assignment.draft?.sequence ?? 0,
    snapshot: packLabels(labels),
    position: 0,
    revision: 0,
    uploaded: 0,
    changedAt: Date.now(),
    answers: assignment.notes.answers,
    comments: assignment.notes.comments,
    editsBefore: assignment.notes.edits,
    activeSeconds: assignment.notes.active_seconds,
    idleSeconds: assignment.notes.idle_seconds,
  };
}

/** Return what is sent with the labels of a record. */
export function notesOf(record: DraftRecord, edits: Notes["edits"]): Notes {
  return {
    answers: record.answers,
    comments: record.comments,
    active_seconds: record.activeSeconds,
    idle_seconds: record.idleSeconds,
    edits,
  };
}

/**
 * Settle a conflict as the person chose. The version that is not gone on with is kept on the server as a branch
 * before anything else happens, so that neither can be lost.
 */
export async function settleConflict(
  api: AssignmentApi,
  {
    assignment,
    journal,
    local,
    version,
  }: { assignment: Assignment; journal: Journal; local: KeptDraft; version: Version },
): Promise<OpenedLabels> {
  const sequence = assignment.draft?.sequence ?? 0;
  const keepBeside = async (branch: BranchOrigin, labels: Uint8Array, notes: Notes) =>
    api.saveDraft(assignment.id, {
      bytes: await gzip(labels),
      notes,
      base: assignment.base,
      sequence,
      branch,
    });
  const mine = replay(assignment, local);
  if (version === "server") {
    const notes = notesOf(local.record, local.record.editsBefore);
    await keepBeside("browser", mine.store.concatenate(), notes);
    return openServerVersion(api, assignment, journal);
  }
  if (assignment.draft) {
    const theirs = await readLabels(await api.bytes(assignment.draft.labels));
    await keepBeside("server", theirs, assignment.notes);
  }
  await journal.rebase({ base: assignment.base, sequence });
  return mine;
}
