/** Reports: the figures that a worker computed from frozen readings. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
/** A report in a list. */
export type Report = Schemas["Report"];
/** A file of a report. */
export type ReportFile = Schemas["ReportFile"];

/** What a lead chooses about an agreement report. */
export interface ReportParameters {
  /** Keys of labels and regions; empty: all of the scheme. */
  readonly regions: readonly string[];
  readonly tie: "background" | "foreground";
  readonly both_empty: "leave_out" | "one";
}

/** A rater as the report froze them. */
export interface ReportRater {
  readonly id: number;
  readonly name: string;
  readonly kind: "human" | "model";
  readonly group: "expert" | "novice" | "model";
}

/** A description of figures; null where it is undefined. */
export interface Described {
  readonly n: number;
  readonly n_undefined: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly median: number | null;
  readonly q1: number | null;
  readonly q3: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A rater against a consensus, over all cases. */
export interface SummaryRow extends Described {
  readonly region: string;
  readonly rater: number;
  readonly against: "consensus" | "others";
  readonly metric: "dice" | "jaccard";
  readonly n_read: number;
}

/** The tables of a report, as docs/reports.md describes them; the schema leaves them open: they are data. */
export interface ReportResults {
  readonly methods: string;
  readonly summary: readonly SummaryRow[];
  readonly volumes: readonly {
    readonly region: string;
    readonly form: string | null;
    readonly value?: number | null;
    readonly low?: number | null;
    readonly high?: number | null;
    readonly n_cases: number;
    readonly n_raters: number;
    readonly note: string;
  }[];
  readonly expert_range: readonly {
    readonly region: string;
    readonly model: number;
    readonly n_cases: number;
    readonly n_patients?: number;
    readonly inside: boolean | null;
    readonly difference?: number | null;
    readonly low?: number | null;
    readonly high?: number | null;
    readonly lowest_expert?: string;
    readonly experts?: number;
    readonly note: string;
  }[];
  readonly scores: readonly (Described & {
    readonly rater: number;
    readonly counts: Readonly<Record<string, number>>;
  })[];
  readonly missing: readonly { readonly case: number; readonly rater: number }[];
}

/** A case as a report names it. */
interface NamedCase {
  readonly id: number;
  readonly patient: string;
  readonly time_point: string;
}

/** What a report was computed from. */
export interface ReportInputs {
  readonly study: {
    readonly definition: {
      readonly labels: readonly { readonly key: string; readonly name: string }[];
      readonly regions: readonly { readonly key: string; readonly name: string }[];
    };
    readonly scheme_name: string;
    readonly protocol_version: number;
  };
  readonly parameters: ReportParameters & { readonly seed: number };
  readonly raters: readonly ReportRater[];
  readonly cases: readonly NamedCase[];
  /** Cases and people of whom a reading was asked for; the read ones are among them. */
  readonly asked_cases?: readonly NamedCase[];
  readonly asked_raters?: readonly { readonly id: number; readonly name: string }[];
  readonly code_version: string;
}

/** A Vega-Lite specification. */
export type FigureSpec = Readonly<Record<string, unknown>>;

/** A report with everything on its page. */
export type ReportDetail = Omit<Schemas["ReportDetail"], "results" | "inputs" | "figures"> & {
  readonly results: ReportResults | null;
  readonly inputs: ReportInputs;
  readonly figures: Readonly<Record<string, FigureSpec>>;
};

const MANY = 500;
const WATCH_MS = 1_500;

/** True while a worker still has to do something for the report. */
export function isUnderWay(report: Pick<Report, "job" | "finished_at">): boolean {
  return !report.finished_at && (report.job?.status === "queued" || report.job?.status === "running");
}

/** A study's reports, newest first; asks often while one is being made. */
export function useReports(study: number, enabled = true) {
  return useQuery({
    queryKey: ["reports", "of", study],
    queryFn: async () =>
      (await api.GET("/api/v1/reports/", { params: { query: { study, page_size: MANY } } })).data?.results ??
      [],
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? WATCH_MS : false),
    enabled,
  });
}

/** One report; asks often while it is being made. */
export function useReport(id: number | undefined) {
  return useQuery({
    queryKey: ["reports", id],
    queryFn: async () => {
      const { data } = await api.GET("/api/v1/reports/{id}/", { params: { path: { id: String(id) } } });
      return data as unknown as ReportDetail;
    },
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? WATCH_MS : false),
    enabled: id !== undefined,
  });
}

/** Freeze a study's readings and ask for a report. */
export function useMakeReport(study: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ title, parameters }: { title: string; parameters: Partial<ReportParameters> }) =>
      (await api.POST("/api/v1/reports/", { body: { study, title, parameters: { ...parameters } } }))
        .data as Report,
    onSettled: () => queries.invalidateQueries({ queryKey: ["reports"] }),
  });
}
