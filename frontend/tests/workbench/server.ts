/** A server in memory that keeps the platform's promises about drafts: base token, sequence, branches, one submission. */

import { gunzipSync, gzipSync } from "node:zlib";
import type { DisagreementMap } from "@/api/agreement";
import {
  type Assignment,
  type AssignmentApi,
  DraftConflict,
  type DraftUpload,
  type Notes,
  type Rubric,
  type Submission,
  type Version,
} from "@/api/assignment";
import { ApiError, OfflineError } from "@/api/client";

export const SHAPE = [20, 18, 6] as const;
const SIZE = SHAPE[0] * SHAPE[1] * SHAPE[2];
export const AFFINE = [
  [1, 0, 0, -10],
  [0, 1, 0, -9],
  [0, 0, 3, -9],
  [0, 0, 0, 1],
];

export const RUBRIC: Rubric = {
  key: "small",
  name: "Small scale",
  questions: [
    {
      key: "consistent",
      text: "Is it consistent?",
      kind: "boolean",
      per_sequence: false,
      options: [
        { key: "yes", text: "Yes", hotkey: "y" },
        { key: "no", text: "No", hotkey: "n" },
      ],
      shown_if: null,
    },
    {
      key: "missing",
      text: "What is missing?",
      kind: "choice",
      per_sequence: true,
      options: [
        { key: "none", text: "Nothing", hotkey: "1" },
        { key: "some", text: "Some", hotkey: "2" },
      ],
      shown_if: null,
    },
    {
      key: "severity",
      text: "How bad is it?",
      kind: "integer",
      per_sequence: false,
      minimum: 1,
      maximum: 3,
      shown_if: { question: "consistent", equals: false },
    },
  ],
};

export class Server implements AssignmentApi {
  start = new Uint8Array(SIZE);
  previous = new Uint8Array(SIZE);
  draft: { sequence: number; labels: Uint8Array; saveKey?: string } | null = null;
  readonly branches: Uint8Array[] = [];
  readonly uploads: DraftUpload[] = [];
  notes: Notes = { answers: {}, comments: [], active_seconds: 0, idle_seconds: 0, edits: {} };
  readonly submissions: Submission[] = [];
  readonly problems: string[] = [];
  state: Assignment["state"] = "ready";
  closed = false;
  studyId = 1;
  base = "token";
  /** Drafts are saved, but the connection breaks before the answer arrives. */
  loseAnswers = false;
  trouble: "none" | "offline" | "signed out" | "broken" | "gone" = "none";
  rubric: Rubric | null = null;
  guides: Assignment["guides"] = { outlines: [], probabilities: [] };
  disputes: readonly DisagreementMap[] = [];
  readonly addresses: string[] = [];
  #layers = 1;

  constructor() {
    this.start.fill(1, 400, 420);
  }

  /** Give the scheme more layers, each with a label of its own; the start mask has nothing in them. */
  set layers(count: number) {
    this.#layers = count;
    const labels = new Uint8Array(SIZE * count);
    labels.set(this.start.subarray(0, SIZE));
    this.start = labels;
  }

  async list() {
    this.#meet();
    return [2, 1, 3].map((position) => ({
      id: `case-${position}`,
      study: { id: this.studyId, name: "Study" },
      state: position === 1 ? this.state : ("ready" as const),
      position,
      total: 3,
      returned_reason: "",
      saved_at: null,
      thumbnail: null,
    }));
  }

  async read(id: string): Promise<Assignment> {
    this.#meet();
    return {
      id,
      study: {
        id: this.studyId,
        name: "Study",
        protocol: "Draw well.",
        synthetic: true,
        closed: this.closed,
      },
      position: 1,
      total: 3,
      state: this.state,
      returned_reason: "",
      grid: { shape: [...SHAPE], affine: AFFINE },
      series: ["T1c", "FLAIR"].map((sequence) => ({
        sequence,
        image: `image ${sequence}`,
        thumbnail: "",
        window: [0, 255],
      })),
      scheme: {
        name: "Two labels",
        layers: [
          { key: "main", name: "Tumour" },
          ...Array.from({ length: this.#layers - 1 }, (_, n) => ({ key: `l${n}`, name: `Layer ${n}` })),
        ],
        labels: [
          { layer: "main", value: 1, key: "ET", name: "Enhancing tumour", color: "#D55E00" },
          { layer: "main", value: 2, key: "ED", name: "Oedema", color: "#56B4E9" },
          ...Array.from({ length: this.#layers - 1 }, (_, n) => ({
            layer: `l${n}`,
            value: n + 2,
            key: `L${n}`,
            name: `Label ${n}`,
            color: "#009E73",
          })),
        ],
        regions: [{ key: "WT", name: "Whole tumour", labels: ["ET", "ED"] }],
      },
      start: "start",
      guides: this.guides,
      base: this.base,
      draft: this.draft && {
        sequence: this.draft.sequence,
        saved_at: "2026-01-01T00:00:00Z",
        save_key: this.draft.saveKey ?? "",
        labels: "draft",
      },
      rubric: this.rubric,
      rating: null,
      notes: this.notes,
      savedAt: this.draft && Date.parse("2026-01-01T00:00:00Z"),
    };
  }

  async open(): Promise<void> {
    this.#meet();
    this.state = "open";
  }

  async disagreement() {
    return this.disputes;
  }

  async bytes(url: string): Promise<ArrayBuffer> {
    this.#meet();
    this.addresses.push(url);
    if (url === "mask of the previous exam") return toBuffer(this.previous);
    if (url === "start") return toBuffer(this.start);
    if (url === "draft" && this.draft) return toBuffer(gzipSync(this.draft.labels));
    const branch = this.branches[Number(/^branch (\d+)$/.exec(url)?.[1] ?? -1)];
    if (branch) return toBuffer(branch);
    return toBuffer(Uint8Array.from({ length: 200 }, (_, i) => i));
  }

  async saveDraft(_id: string, upload: DraftUpload) {
    this.#meet();
    this.uploads.push(upload);
    const labels = new Uint8Array(gunzipSync(new Uint8Array(await upload.bytes.arrayBuffer())));
    if (upload.base !== this.base) throw new ApiError(409, "The start mask has changed.");
    if (labels.length !== SIZE * this.#layers) throw new ApiError(422, "wrong size");
    if (this.closed) throw new ApiError(422, "This study is closed.", { code: "study_closed" });
    const { saveKey } = upload;
    const receipt = { saved_at: new Date(1_700_000_000_000).toISOString(), save_key: saveKey };
    if (upload.branch) {
      this.branches.push(labels);
      return { ...receipt, sequence: upload.sequence };
    }
    if (this.state === "submitted") throw handedIn();
    const now = this.draft?.sequence ?? 0;
    if (upload.sequence !== now) throw new DraftConflict(now, this.draft?.saveKey ?? "");
    this.draft = { sequence: now + 1, labels, saveKey };
    this.notes = upload.notes;
    if (this.loseAnswers) throw new OfflineError("the answer was lost");
    return { ...receipt, sequence: now + 1 };
  }

  async versions(): Promise<readonly Version[]> {
    this.#meet();
    return this.branches.map((_, n) => ({
      kind: "branch" as const,
      number: n,
      origin: "browser" as const,
      saved_at: "2026-01-01T00:00:00Z",
      volumes_ml: null,
      comments: [],
      labels: `branch ${n}`,
    }));
  }

  async submit(_id: string, submission: Submission): Promise<void> {
    this.#meet();
    if (this.state === "submitted") throw handedIn();
    if (submission.sequence !== (this.draft?.sequence ?? 0)) throw new ApiError(409, "stale");
    this.submissions.push(submission);
    this.state = "submitted";
  }

  async reportProblem(_id: string, text: string): Promise<void> {
    this.#meet();
    this.problems.push(text);
  }

  #meet(): void {
    if (this.trouble === "offline") throw new OfflineError("offline");
    if (this.trouble === "signed out") {
      throw new ApiError(403, "Authentication credentials were not provided.");
    }
    if (this.trouble === "gone") throw new ApiError(404, "Not found.", { detail: "Not found." });
    if (this.trouble === "broken") throw new ApiError(503, "The server had a problem.");
  }
}

function handedIn(): ApiError {
  return new ApiError(409, "This case was already submitted.", { code: "handed_in" });
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
