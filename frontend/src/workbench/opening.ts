/** Open an assignment: read it, compare what this browser kept with what the server has, and load the labels. */
import type { Assignment, AssignmentApi, BranchOrigin, Notes } from "@/api/assignment";
import { History, LabelStore, packLabels } from "@/labels";
import { choose } from "./drafts/choose";
import { type DraftRecord, isRecord, isUnsent } from "./drafts/database";
import { gzip, readLabels } from "./drafts/gzip";
import type { Journal, KeptDraft } from "./drafts/journal";
import { type Damage, gridOf, type OpenedLabels, rebuild } from "./drafts/rebuild";
import { isOwnSave, notesOf } from "./drafts/sending";

/** The labels, the question which of two versions to go on with, or what of the journal cannot be replayed. */
export type Opening =
  | { readonly kind: "ready"; readonly labels: OpenedLabels }
  | { readonly kind: "ask"; readonly local: LocalVersion }
  | { readonly kind: "damaged"; readonly damage: Damage };

/** What this browser kept, and the labels that it makes. */
export interface LocalVersion {
  readonly kept: KeptDraft;
  readonly labels: OpenedLabels;
}

/** The answer of the person: go on with what this browser kept, or with what the server has. */
export type Version = "local" | "server";

/** Compare the two versions and open the newer; ask when both hold work that the other lacks. */
export async function openLabels(
  api: AssignmentApi,
  assignment: Assignment,
  { journal, kept }: { journal: Journal; kept: KeptDraft | null },
): Promise<Opening> {
  const fromServer = async (): Promise<Opening> => ({
    kind: "ready",
    labels: await openServerVersion(api, assignment, journal),
  });
  if (!kept) return fromServer();
  const { record } = kept;
  const { draft, base } = assignment;
  const sequence = draft?.sequence ?? 0;
  const choice = choose(
    { base: record.base, sequence: record.sequence, unsent: isUnsent(record) },
    { base, sequence },
  );
  if (choice === "server" && isRecord(record)) return fromServer();
  const rebuilt = rebuild(assignment, kept);
  if (rebuilt.kind === "damaged") return rebuilt;
  const { labels } = rebuilt;
  if (choice === "ask") {
    const isOwn = record.base === base && draft !== null && isOwnSave(record, draft.save_key);
    if (!isOwn) return { kind: "ask", local: { kept, labels } };
    await journal.note({ sequence }); // only the answer to that save was lost
  } else if (record.sequence > sequence) {
    await journal.rebase({ base, sequence }); // the server was set back to a backup: it has not got this work any more
  }
  return { kind: "ready", labels };
}

/**
 * Go on with the server's version when this browser's cannot be replayed: what can be read of it is kept as a branch,
 * and all of it stays in this browser, out of the way.
 */
export async function openBesideDamage(
  api: AssignmentApi,
  assignment: Assignment,
  { journal, damage: { kept, readable, why } }: { journal: Journal; damage: Damage },
): Promise<OpenedLabels> {
  if (readable && isUnsent(kept.record)) {
    const notes = notesOf(kept.record, kept.record.editsBefore);
    await keepBeside(api, assignment, { origin: "browser", labels: readable.store.layers, notes });
  }
  await journal.setAside(why);
  return openServerVersion(api, assignment, journal);
}

/** Keep labels as a branch beside the server's version. */
export async function keepBeside(
  api: AssignmentApi,
  assignment: Assignment,
  { origin, labels, notes }: { origin: BranchOrigin; labels: readonly Uint8Array[]; notes: Notes },
): Promise<void> {
  await api.saveDraft(assignment.id, {
    bytes: await gzip(...labels),
    notes,
    base: assignment.base,
    sequence: assignment.draft?.sequence ?? 0,
    branch: origin,
    saveKey: "",
  });
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
    sent: [],
    sentRevision: -1,
    answers: assignment.notes.answers,
    comments: assignment.notes.comments,
    editsBefore: assignment.notes.edits,
    activeSeconds: assignment.notes.active_seconds,
    idleSeconds: assignment.notes.idle_seconds,
  };
}

/**
 * Settle a conflict as the person chose. The version that is not gone on with is kept on the server as a branch
 * before anything else happens, so that neither can be lost. The longer of both times counts: part of it was spent on both.
 */
export async function settleConflict(
  api: AssignmentApi,
  assignment: Assignment,
  { journal, local, version }: { journal: Journal; local: LocalVersion; version: Version },
): Promise<OpenedLabels> {
  const { draft, base, notes: theirNotes } = assignment;
  const { record } = local.kept;
  const spent = {
    activeSeconds: Math.max(record.activeSeconds, theirNotes.active_seconds),
    idleSeconds: Math.max(record.idleSeconds, theirNotes.idle_seconds),
  };
  if (version === "server") {
    const notes = notesOf(record, record.editsBefore);
    await keepBeside(api, assignment, { origin: "browser", labels: local.labels.store.layers, notes });
    const opened = await openServerVersion(api, assignment, journal);
    await journal.note(spent);
    return opened;
  }
  if (draft) {
    const theirs = await readLabels(await api.bytes(draft.labels));
    await keepBeside(api, assignment, { origin: "server", labels: [theirs], notes: theirNotes });
  }
  await journal.note(spent);
  await journal.rebase({ base, sequence: draft?.sequence ?? 0 });
  return local.labels;
}
