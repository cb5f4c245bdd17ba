/** The rater's window on the server: assignments, their images and labels, drafts and submissions. */
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

/** Everything that the workbench needs to open one assignment. The schema leaves rubrics open: they are data. */
export type Assignment = Omit<Schemas["AssignmentDetail"], "rubric" | "rating" | "series"> & {
  readonly series: readonly SeriesInfo[];
  readonly rubric: Rubric | null;
  readonly rating: { readonly answers: Answers; readonly score: number | null } | null;
};

/** What a person hands in with the labels that the server holds at `sequence` (0: the mask as it was given). */
export interface Submission {
  readonly sequence: number;
  readonly answers: Answers | null;
  readonly active_seconds: number;
  readonly idle_seconds: number;
  readonly edits: {
    readonly added: Record<string, number>;
    readonly removed: Record<string, number>;
    readonly tools: Record<string, number>;
  };
}

/** The server's receipt for a draft. */
export type DraftReceipt = Schemas["Saved"];

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
  list(study?: number): Promise<readonly AssignmentSummary[]>;
  read(id: string): Promise<Assignment>;
  open(id: string): Promise<void>;
  bytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer>;
  saveDraft(id: string, draft: DraftUpload): Promise<DraftReceipt>;
  submit(id: string, submission: Submission): Promise<void>;
  reportProblem(id: string, text: string): Promise<void>;
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
    const { data } = await api.GET("/api/v1/assignments/{id}/", { params: { path: { id } } });
    return data as unknown as Assignment;
  },

  async open(id) {
    await api.POST("/api/v1/assignments/{id}/open/", { params: { path: { id } } });
  },

  async bytes(url, signal) {
    const response = await request(url, { headers: { Accept: "*/*" }, ...(signal ? { signal } : {}) });
    return response.arrayBuffer();
  },

  async saveDraft(id, { bytes, base, sequence, branch }) {
    try {
      // The generated client speaks JSON; a body of bytes goes by hand.
      const response = await request(`/api/v1/assignments/${id}/draft/${branch ? "?branch=1" : ""}`, {
        method: "PUT",
        body: bytes,
        headers: { "Content-Type": "application/gzip", "X-Base": base, "X-Sequence": String(sequence) },
      });
      return (await response.json()) as DraftReceipt;
    } catch (error) {
      throw conflictIn(error) ?? error;
    }
  },

  async submit(id, { answers, ...rest }) {
    await api.POST("/api/v1/assignments/{id}/submit/", {
      params: { path: { id } },
      body: { ...rest, answers: answers as Record<string, unknown> | null },
    });
  },

  async reportProblem(id, text) {
    await api.POST("/api/v1/assignments/{id}/problem/", { params: { path: { id } }, body: { text } });
  },
};

const LONGEST_QUEUE = 500;

function conflictIn(error: unknown): DraftConflict | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  const { body } = error;
  if (typeof body !== "object" || body === null || !("sequence" in body) || !("saved_at" in body))
    return null;
  return new DraftConflict(Number(body.sequence), String(body.saved_at));
}
