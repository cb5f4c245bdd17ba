/** Sends the draft of a journal, and knows a save of its own again when only the answer to it was lost. */
import {
  type AssignmentApi,
  DraftConflict,
  type DraftReceipt,
  type EditCounts,
  type Notes,
} from "@/api/assignment";
import type { DraftRecord } from "./database";
import { gzip } from "./gzip";
import type { Journal } from "./journal";

/** States whose answer is waited for at most; an earlier one that arrives after all is asked about. */
const MOST_SENT = 200;

/** What is sent: the labels as they are now, and what the journal does not count. */
export interface Draft {
  readonly journal: Journal;
  /** In whole steps. */
  readonly layers: readonly Uint8Array[];
  readonly edits: EditCounts;
}

/**
 * Send the labels and notes as they are now. The save's key is on disk before it is sent, and with it every step that
 * the labels hold: a save under a key of the journal is a state of the journal, and going on from it loses nothing.
 * The same state is sent again under the same key.
 */
export async function sendDraft(
  api: AssignmentApi,
  id: string,
  { journal, layers, edits }: Draft,
): Promise<DraftReceipt> {
  const packing = gzip(...layers);
  const saveKey = await keyOf(journal);
  const { record } = journal;
  const draft = {
    bytes: await packing,
    notes: notesOf(record, edits),
    base: record.base,
    branch: null,
    saveKey,
  };
  try {
    return await api.saveDraft(id, { ...draft, sequence: record.sequence });
  } catch (error) {
    if (!(error instanceof DraftConflict) || !isOwnSave(record, error.saveKey)) throw error;
    await journal.note({ sequence: error.sequence });
    return api.saveDraft(id, { ...draft, sequence: error.sequence });
  }
}

async function keyOf(journal: Journal): Promise<string> {
  const { sent, sentRevision, revision } = journal.record;
  const before = sentRevision === revision ? sent.at(-1) : undefined;
  if (before) return before;
  const saveKey = newKey();
  await journal.note({ sent: [...sent, saveKey].slice(-MOST_SENT), sentRevision: revision });
  return saveKey;
}

/** True when a save was sent from this journal, so that its state is one that the journal went on from. */
export function isOwnSave({ sent }: DraftRecord, saveKey: string): boolean {
  return saveKey !== "" && sent.includes(saveKey);
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

/** 32 hexadecimal digits. `crypto.randomUUID` would need a secure context. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
