/** The rater's window on the server: assignments, their images and labels, drafts and submissions. */
import type { DisagreementMap } from "./agreement";
import { ApiError, api, request } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** Where an assignment stands. */
export type AssignmentState = Schemas["AssignmentState"];
/** One line of the rater's queue. */
export type AssignmentSummary = Schemas["Assignment"];
/** One sequence of the case, on the case's reference grid. */
export type SeriesInfo = Omit<Schemas["ShownSeries"], "window"> & {
  readonly window: readonly [number, number];
};
/** One label: the value it has in its layer, and its look. */
export type LabelInfo = Schemas["Label"];
/** A union of labels, as "whole tumour". */
export type RegionInfo = Schemas["Region"];
/** Whose outline: of the mask as it was given, or of the patient's previous exam. */
export type OutlineKind = Schemas["Outline"]["kind"];
/** What may be drawn. */
export type Scheme = Schemas["Scheme"];

/** An answer that can be chosen, and the key that chooses it. */
export interface AnswerOption {
  readonly key: string;
  readonly text: string;
  readonly hotkey?: string | null;
}

/** One question of a rubric. A boolean has the options "yes" and "no"; an integer has bounds. */
export interface Question {
  readonly key: string;
  readonly text: string;
  readonly kind: "choice" | "boolean" | "integer";
  readonly per_sequence: boolean;
  readonly options?: readonly AnswerOption[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Asked only after this answer to an earlier question. */
  readonly shown_if: { readonly question: string; readonly equals: Answer } | null;
}

/** A questionnaire, as data. */
export interface Rubric {
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  readonly questions: readonly Question[];
}

/** One answer: the key of an option, yes or no, or a whole number. */
export type Answer = string | boolean | number;

/** Answers by question; those of a per-sequence question by sequence. */
export type Answers = Readonly<Record<string, Answer | Readonly<Record<string, Answer>>>>;

/** Instead of all answers: the mask cannot be assessed, and why. */
export const NOT_ASSESSED = "cannot_be_assessed";

/** A remark at one voxel, counted from 0 along (x, y, z). */
export interface Comment {
  readonly id: string;
  readonly voxel: readonly [number, number, number];
  readonly text: string;
}

/** Voxels added and removed by label key, and uses by tool. */
export interface EditCounts {
  readonly added: Readonly<Record<string, number>>;
  readonly removed: Readonly<Record<string, number>>;
  readonly tools: Readonly<Record<string, number>>;
}

/** What is kept with the labels of a draft. Times are in seconds, without pauses and hidden windows. */
export interface Notes {
  readonly answers: Answers;
  readonly comments: readonly Comment[];
  readonly active_seconds: number;
  readonly idle_seconds: number;
  readonly edits: Partial<EditCounts>;
}

/** A version beside the present draft: one that lost against it, or one that was handed in. */
export type Version = Omit<Schemas["Version"], "comments"> & { readonly comments: readonly Comment[] };

/** Why a branch is kept: a browser's work that was not gone on with, or the server's. */
export type BranchOrigin = Schemas["OriginEnum"];

/** Everything that the workbench needs to open one assignment. The schema leaves rubrics open: they are data. */
export type Assignment = Omit<Schemas["AssignmentDetail"], "rubric" | "rating" | "series" | "notes"> & {
  readonly series: readonly SeriesInfo[];
  readonly notes: Notes;
  readonly rubric: Rubric | null;
  readonly rating: { readonly answers: Answers; readonly score: number | null } | null;
  /** When the draft was saved, by this computer's clock; null without a draft. */
  readonly savedAt: number | null;
};

/** What a person hands in with the labels that the server holds at `sequence` (0: the mask as it was given). */
export interface Submission {
  readonly sequence: number;
  readonly answers: Answers | null;
  readonly active_seconds: number;
  readonly idle_seconds: number;
  readonly edits: EditCounts;
}

/** The server's receipt for a draft. */
export type DraftReceipt = Schemas["Saved"];

/** Somebody saved a later draft: another window, another machine. Or this one, when the answer to it was lost. */
export class DraftConflict extends Error {
  override readonly name = "DraftConflict";

  /** `saveKey` is the key that the later draft was saved under; "" when it is unknown. */
  constructor(
    readonly sequence: number,
    readonly saveKey: string,
  ) {
    super("A later version of this case was saved in another window or on another computer.");
  }
}

/** A draft on its way: gzip bytes, the token of the mask it started from, the sequence last seen (0: none). */
export interface DraftUpload {
  readonly bytes: Blob;
  readonly notes: Notes;
  readonly base: string;
  readonly sequence: number;
  /** Keep it beside the current draft instead of in its place, and why; null: it is the current one. */
  readonly branch: BranchOrigin | null;
  /** A name that no other save has: the answer to a later save tells by it which one is there. */
  readonly saveKey: string;
}

/** Why a case cannot be worked on any more. */
export type Ending = "handed in" | "closed" | "not open";

/** Return why the server takes no more work on a case, when that is what an error says. */
export function endingIn(error: unknown): Ending | null {
  if (!(error instanceof ApiError)) return null;
  if (error.code === "handed_in") return "handed in";
  if (error.code === "study_closed") return "closed";
  return error.status === 404 && error.body !== null ? "not open" : null; // a proxy's own 404 is no JSON
}

/** What the workbench asks of the server. */
export interface AssignmentApi {
  list(study?: number): Promise<readonly AssignmentSummary[]>;
  read(id: string): Promise<Assignment>;
  open(id: string): Promise<void>;
  bytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer>;
  saveDraft(id: string, draft: DraftUpload): Promise<DraftReceipt>;
  versions(id: string): Promise<readonly Version[]>;
  submit(id: string, submission: Submission): Promise<void>;
  reportProblem(id: string, text: string): Promise<void>;
  /** Where the readers of the case disagree: for those who see the study's results, nothing for everybody else. */
  disagreement(id: string): Promise<readonly DisagreementMap[]>;
}

/** The platform's own server. */
export const assignmentApi: AssignmentApi = {
  async list(study) {
    const { data } = await api.GET("/api/v1/assignments/", {
      params: { query: { ...(study === undefined ? {} : { study }), page_size: LONGEST_QUEUE } },
    });
    return data?.results ?? [];
  },

  async read(id) {
    const { data, response } = await api.GET("/api/v1/assignments/{id}/", { params: { path: { id } } });
    const savedAt = data?.draft ? onThisClock(data.draft.saved_at, response) : null;
    return { ...(data as unknown as Assignment), savedAt };
  },

  async open(id) {
    await api.POST("/api/v1/assignments/{id}/open/", { params: { path: { id } } });
  },

  async bytes(url, signal) {
    const response = await request(url, { headers: { Accept: "*/*" }, ...(signal ? { signal } : {}) });
    return response.arrayBuffer();
  },

  async saveDraft(id, { bytes, notes, base, sequence, branch, saveKey }) {
    try {
      // The generated client speaks JSON; a form with a file goes by hand.
      const form = new FormData();
      form.set("labels", bytes, "labels");
      form.set("notes", JSON.stringify(notes));
      const response = await request(`/api/v1/assignments/${id}/draft/${branch ? `?branch=${branch}` : ""}`, {
        method: "PUT",
        body: form,
        headers: { "X-Base": base, "X-Sequence": String(sequence), "X-Save": saveKey },
        signal: AbortSignal.timeout(LONGEST_SAVE_MS),
      });
      return await receiptIn(response, branch ? null : saveKey);
    } catch (error) {
      throw conflictIn(error) ?? error;
    }
  },

  async versions(id) {
    const { data } = await api.GET("/api/v1/assignments/{id}/versions/", { params: { path: { id } } });
    return (data ?? []) as unknown as readonly Version[];
  },

  async submit(id, { answers, ...rest }) {
    await api.POST("/api/v1/assignments/{id}/submit/", {
      params: { path: { id } },
      body: { ...rest, answers: answers as Record<string, unknown> | null },
      signal: AbortSignal.timeout(LONGEST_SAVE_MS),
    });
  },

  async reportProblem(id, text) {
    await api.POST("/api/v1/assignments/{id}/problem/", { params: { path: { id } }, body: { text } });
  },

  async disagreement(id) {
    const query = { assignment: id };
    return (await api.GET("/api/v1/disagreement-maps/", { params: { query } })).data ?? [];
  },
};

const LONGEST_QUEUE = 500;
/** A save or submission without an answer after this long counts as lost: a dead connection may never end by itself. */
const LONGEST_SAVE_MS = 60_000;

/** Return a time of the server's on this computer's clock, which may be wrong: an answer tells the server's own. */
function onThisClock(time: string, { headers }: Response): number {
  const serverNow = Date.parse(headers.get("Date") ?? "");
  const ahead = Number.isNaN(serverNow) ? 0 : Date.now() - serverNow;
  return Date.parse(time) + ahead;
}

/**
 * Read the receipt of a save. Something on the way may answer in the server's place: what names no sequence, or not the
 * save that was sent, is no receipt. A branch that was there already answers with the key that it was saved under.
 */
async function receiptIn(response: Response, saveKey: string | null): Promise<DraftReceipt> {
  const answer: unknown = await response.json().catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
  });
  const receipt = (answer ?? {}) as Partial<DraftReceipt>;
  const isOfThis = saveKey === null ? typeof receipt.save_key === "string" : receipt.save_key === saveKey;
  if (!isOfThis || !Number.isInteger(receipt.sequence))
    throw new Error("The answer to the save could not be understood: it may not have reached the server.");
  return receipt as DraftReceipt;
}

function conflictIn(error: unknown): DraftConflict | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  if (error.code === "start_changed") return new DraftConflict(0, "");
  const { body } = error;
  if (typeof body !== "object" || body === null || !("sequence" in body) || !("save_key" in body))
    return null;
  return new DraftConflict(Number(body.sequence), String(body.save_key));
}
