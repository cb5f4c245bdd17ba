/** Imports: files on their way, the preview, its corrections, and what was stored. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, api, request } from "./client";
import { LABEL_SCHEMES, type LabelScheme } from "./labelSchemes";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** An import in a list. */
export type ImportSummary = Schemas["Import"];
/** An import with its files, its preview and how far the worker is. */
export type Delivery = Schemas["ImportDetail"];
/** One row of the preview. */
export type Row = Schemas["Row"];
/** What a person corrects in one row. */
export type Correction = Schemas["CorrectionRequest"];
/** A file on its way. */
export type Upload = Schemas["Upload"];
/** A hospital or institute. */
export type Centre = Schemas["Centre"];

const POLL_MS = 1_000;
const MANY = 500;

/** The sequences and time points that the server knows, in the order in which they are offered. */
export const SEQUENCES: readonly Schemas["SequenceEnum"][] = [
  "T1",
  "T1c",
  "T2",
  "FLAIR",
  "ADC",
  "rCBV",
  "DWI",
  "other",
];
export const TIME_POINTS: Readonly<Record<Schemas["TimePointEnum"], string>> = {
  pre_op: "Pre-operative",
  early_post_op: "Early post-operative",
  post_1m: "1 month post-op.",
  post_3m: "3 months post-op.",
  post_6m: "6 months post-op.",
  recurrence: "Recurrence",
  follow_up: "Follow-up",
  unknown: "Unknown",
};

/** The caller's imports, newest first. */
export function useImports() {
  return useQuery({
    queryKey: ["imports", "list"],
    queryFn: async () => (await api.GET("/api/v1/imports/")).data?.results ?? [],
  });
}

/** One import; asks often while a worker is busy with it. */
export function useImport(id: string) {
  return useQuery({
    queryKey: ["imports", id],
    queryFn: async () => {
      const { data } = await api.GET("/api/v1/imports/{id}/", { params: { path: { id } } });
      return data as Delivery;
    },
    refetchInterval: ({ state }) =>
      state.data?.state === "parsing" || state.data?.state === "storing" ? POLL_MS : false,
    refetchOnWindowFocus: false,
  });
}

/** The centres that cases can come from. */
export function useCentres() {
  return useQuery({
    queryKey: ["centres"],
    queryFn: async () =>
      (await api.GET("/api/v1/centres/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
    staleTime: 60_000,
  });
}

/** The newest version of each label scheme, for choosing one. The whole list is kept once, for whoever asks. */
export function useLabelSchemes() {
  return useQuery({ ...LABEL_SCHEMES, select: newestOfEach });
}

function newestOfEach(rows: readonly LabelScheme[]): LabelScheme[] {
  return rows.filter((row) => !rows.some(({ key, version }) => key === row.key && version > row.version));
}

/** Open an import. */
export async function startImport(body: Schemas["ImportStartRequest"]): Promise<Delivery> {
  return (await api.POST("/api/v1/imports/", { body })).data as Delivery;
}

/** Announce a file; announcing it again tells how much of it has arrived. */
export async function announceFile(id: string, path: string, size: number): Promise<Upload> {
  const params = { path: { id } };
  return (await api.POST("/api/v1/imports/{id}/uploads/", { params, body: { path, size } })).data as Upload;
}

/**
 * Send the piece that starts at byte `offset`. Returns how many bytes of the file the server has: when it waits for
 * another byte than this one, its answer says which, and nothing of the piece is kept.
 */
export async function sendPiece(
  upload: string,
  offset: number,
  piece: Blob,
  signal: AbortSignal,
): Promise<number> {
  try {
    // The generated client speaks JSON; a body of bytes goes by hand.
    const response = await request(`/api/v1/uploads/${upload}/`, {
      method: "PATCH",
      body: piece,
      signal,
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) },
    });
    return Number(((await response.json()) as Upload).received);
  } catch (error) {
    const waitedFor = receivedIn(error);
    if (waitedFor !== null && waitedFor !== offset) return waitedFor;
    throw error;
  }
}

function receivedIn(error: unknown): number | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  const { body } = error;
  return typeof body === "object" && body !== null && "received" in body ? Number(body.received) : null;
}

/** Steps of an import that answer with the import as it is then. */
export function useImportAction(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (verb: "parse" | "confirm" | "discard") => {
      const params = { path: { id } };
      const answer = await {
        parse: () => api.POST("/api/v1/imports/{id}/parse/", { params }),
        confirm: () => api.POST("/api/v1/imports/{id}/confirm/", { params }),
        discard: () => api.POST("/api/v1/imports/{id}/discard/", { params }),
      }[verb]();
      return answer.data as Delivery;
    },
    onSuccess: (delivery) => {
      queries.setQueryData(["imports", id], delivery);
      void queries.invalidateQueries({ queryKey: ["imports", "list"] });
      void queries.invalidateQueries({ queryKey: ["cases"] });
    },
    onError: () => queries.invalidateQueries({ queryKey: ["imports", id] }),
  });
}

/** Correct rows of the preview, or the scheme that masks are read with. */
export function useCorrectRows(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schemas["PatchedCorrectionsRequest"]) => {
      const params = { path: { id } };
      return (await api.PATCH("/api/v1/imports/{id}/rows/", { params, body })).data as Delivery;
    },
    onSuccess: (delivery) => queries.setQueryData(["imports", id], delivery),
  });
}
