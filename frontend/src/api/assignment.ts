/** The rater's window on the server: assignments, their images and labels, drafts and submissions. */
import { ApiError, getJson, request, sendJson } from "./client";

/** Where an assignment stands. */
export type AssignmentState = "waiting" | "ready" | "open" | "submitted" | "returned";

/** One line of the rater's queue. */
export interface AssignmentSummary {
  readonly id: string;
  readonly study: { readonly id: string; readonly name: string };
  readonly state: AssignmentState;
  readonly position: number;
  readonly total: number;
  readonly returned_reason: string | null;
  readonly saved_at: string | null;
  readonly thumbnail: string | null;
}

/** One sequence of the case, on the case's reference grid. */
export interface SeriesInfo {
  readonly sequence: string;
  readonly image: string;
  readonly thumbnail: string | null;
  readonly window: readonly [number, number];
}

/** One label: the value it has in its layer, and its look. */
export interface LabelInfo {
  readonly layer: string;
  readonly value: number;
  readonly key: string;
  readonly name: string;
  readonly color: string;
}

/** A union of labels, as "whole tumour". */
export interface RegionInfo {
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
}

/** What may be drawn. */
export interface Scheme {
  readonly name: string;
  readonly layers: readonly { readonly key: string; readonly name: string }[];
  readonly labels: readonly LabelInfo[];
  readonly regions: readonly RegionInfo[];
}

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

/** A draft or a branch kept on the server. */
export interface DraftInfo {
  readonly sequence: number;
  readonly saved_at: string;
  readonly labels: string;
}

/** Everything that the workbench needs to open one assignment. */
export interface Assignment {
  readonly id: string;
  readonly study: {
    readonly id: string;
    readonly name: string;
    readonly protocol: string;
    readonly synthetic: boolean;
  };
  readonly position: number;
  readonly total: number;
  readonly state: AssignmentState;
  readonly returned_reason: string | null;
  readonly grid: { readonly shape: readonly number[]; readonly affine: readonly (readonly number[])[] };
  readonly series: readonly SeriesInfo[];
  readonly scheme: Scheme;
  readonly start: string;
  readonly base: string;
  readonly draft: DraftInfo | null;
  readonly branches: readonly { readonly id: string; readonly saved_at: string; readonly labels: string }[];
  readonly rubric: Rubric | null;
  readonly rating: { readonly answers: Answers; readonly score: number | null } | null;
  readonly active_seconds: number;
}

/** What a person hands in with the labels that the server holds at `sequence`. */
export interface Submission {
  readonly sequence: number;
  readonly answers: Answers | null;
  readonly active_seconds: number;
  readonly idle_seconds: number;
  readonly edits: {
    readonly added: Readonly<Record<string, number>>;
    readonly removed: Readonly<Record<string, number>>;
    readonly tools: Readonly<Record<string, number>>;
  };
}

/** The server's receipt for a draft. */
export interface DraftReceipt {
  readonly sequence: number;
  readonly saved_at: string;
}

/** Somebody saved a later draft: another window, another machine. */
export class DraftConflict extends Error {
  override readonly name = "DraftConflict";

  constructor(
    readonly sequence: number,
    readonly savedAt: string,
  ) {
    super("A later version of this case was saved in another window or on another computer.");
  }
}

/** A draft on its way: gzip bytes, the token of the mask it started from, the sequence last seen (0: none). */
export interface DraftUpload {
  readonly bytes: Blob;
  readonly base: string;
  readonly sequence: number;
  /** Keep it beside the current draft instead of in its place. */
  readonly branch: boolean;
}

/** What the workbench asks of the server. */
export interface AssignmentApi {
  list(study?: string): Promise<readonly AssignmentSummary[]>;
  read(id: string): Promise<Assignment>;
  open(id: string): Promise<void>;
  bytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer>;
  saveDraft(id: string, draft: DraftUpload): Promise<DraftReceipt>;
  submit(id: string, submission: Submission): Promise<void>;
  reportProblem(id: string, text: string): Promise<void>;
}

const ROOT = "/api/v1/assignments/";

/** The platform's own server. */
export const assignmentApi: AssignmentApi = {
  async list(study) {
    const query = study ? `?study=${encodeURIComponent(study)}` : "";
    const answer = await getJson<
      readonly AssignmentSummary[] | { readonly results: readonly AssignmentSummary[] }
    >(`${ROOT}${query}`);
    return "results" in answer ? answer.results : answer;
  },

  read: (id) => getJson<Assignment>(`${ROOT}${id}/`),

  async open(id) {
    await sendJson("POST", `${ROOT}${id}/open/`);
  },

  async bytes(url, signal) {
    const response = await request(url, { headers: { Accept: "*/*" }, ...(signal ? { signal } : {}) });
    return response.arrayBuffer();
  },

  async saveDraft(id, { bytes, base, sequence, branch }) {
    try {
      const response = await request(`${ROOT}${id}/draft/${branch ? "?branch=1" : ""}`, {
        method: "PUT",
        body: bytes,
        headers: { "Content-Type": "application/gzip", "X-Base": base, "X-Sequence": String(sequence) },
      });
      return (await response.json()) as DraftReceipt;
    } catch (error) {
      throw conflictIn(error) ?? error;
    }
  },

  async submit(id, submission) {
    await sendJson("POST", `${ROOT}${id}/submit/`, submission);
  },

  async reportProblem(id, text) {
    await sendJson("POST", `${ROOT}${id}/problem/`, { text });
  },
};

function conflictIn(error: unknown): DraftConflict | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  const { body } = error;
  if (typeof body !== "object" || body === null || !("sequence" in body) || !("saved_at" in body))
    return null;
  return new DraftConflict(Number(body.sequence), String(body.saved_at));
}
