/** A case that cannot be worked on any more: what becomes of work that the server has not got. */
import type { Assignment, AssignmentApi, Ending } from "@/api/assignment";
import { isUnsent } from "./drafts/database";
import type { Journal, KeptDraft } from "./drafts/journal";
import { rebuild } from "./drafts/rebuild";
import { notesOf } from "./drafts/sending";
import { keepBeside } from "./opening";

/** A case that was open here and is not any more. */
export interface Ended {
  readonly why: Ending;
  /** Null when the server says nothing of it any more. */
  readonly assignment: Assignment | null;
  /** Where the work is that came too late; "in this window" where the browser keeps nothing. */
  readonly late: "none" | "on the server" | "in this browser" | "in this window";
  /** That work, where it is here. */
  readonly kept: KeptDraft | null;
}

/**
 * Keep work that came too late. Beside what was handed in the server takes it as a branch, which changes nothing there
 * and can be read when the lead returns the case; otherwise it stays in this browser.
 */
export async function endWith(
  api: AssignmentApi,
  { why, assignment }: Pick<Ended, "why" | "assignment">,
  { journal, kept }: { journal: Journal; kept: KeptDraft | null },
): Promise<Ended> {
  if (!kept || !isUnsent(kept.record)) return { why, assignment, late: "none", kept: null };
  const isTaken = why === "handed in" && assignment !== null && (await sendBeside(api, assignment, kept));
  if (!isTaken) {
    return { why, assignment, late: journal.unkept.get() ? "in this window" : "in this browser", kept };
  }
  await journal.remove().catch(() => undefined); // what stays behind is sent again and known again
  return { why, assignment, late: "on the server", kept: null };
}

/** Keep work on the server beside the version that is there; return whether it took it. */
export async function sendBeside(
  api: AssignmentApi,
  assignment: Assignment,
  kept: KeptDraft,
): Promise<boolean> {
  const rebuilt = rebuild(assignment, kept);
  if (rebuilt.kind === "damaged") return false;
  const notes = notesOf(kept.record, kept.record.editsBefore);
  try {
    await keepBeside(api, assignment, { origin: "browser", labels: rebuilt.labels.store.layers, notes });
    return true;
  } catch {
    return false; // offline, signed out, or more than the server keeps: it stays here, and can be tried again
  }
}

/** Why a case cannot be worked on any more; null while it can be. */
export function endOf(assignment: Assignment | null): Ending | null {
  if (!assignment) return "not open";
  if (assignment.state === "submitted") return "handed in";
  return assignment.study.closed ? "closed" : null;
}
