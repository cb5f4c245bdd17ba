/** Reports: the figures that a worker computed from frozen readings. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
/** A report in a list. */
export type Report = Schemas["Report"];
/** A file of a report. */
export type ReportFile = Schemas["ReportFile"];

/** A kind of report with the choices that a study offers. */
export type ReportKind = Schemas["ReportKind"];
/** One choice of a report. */
export type ReportParameter = Schemas["Parameter"];
/** What was chosen, by the parameters' names. */
export type Chosen = Readonly<Record<string, unknown>>;

/** A plain value of a table; "inf" is an infinite distance, null an undefined figure. */
export type Value = string | number | boolean | null;
/** A row of a table, by the columns' keys. */
export type TableRow = Readonly<Record<string, Value>>;

/** A column as it is read; docs/reports.md says which values lie behind it. */
export interface TableColumn {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly digits: number | null;
  readonly spread: string;
  readonly bounds: readonly [string, string] | null;
  readonly form: "number" | "p";
  readonly case: string;
  readonly numeric: boolean;
}

/** A table of any kind of report. */
export interface ReportTable {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly by: readonly string[];
  readonly printed: boolean;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/** What a report was computed from, as far as its page says it. */
export interface ReportInputs {
  readonly raters: readonly unknown[];
  readonly cases: readonly unknown[];
  readonly choices?: readonly { readonly title: string; readonly value: string }[];
  readonly code_version: string;
}

/** A Vega-Lite specification; its title and caption travel with it. */
export type FigureSpec = Readonly<Record<string, unknown>> & {
  readonly usermeta?: { readonly title: string; readonly caption: string };
};

/** A report with everything on its page; the schema leaves its data open. */
export type ReportDetail = Omit<Schemas["ReportDetail"], "inputs" | "tables" | "figures"> & {
  readonly inputs: ReportInputs;
  readonly tables: readonly ReportTable[];
  readonly figures: Readonly<Record<string, FigureSpec>>;
};

const MANY = 500;
const WATCH_MS = 1_500;

/** True while a worker still has to do something for the report. */
export function isUnderWay(report: Pick<Report, "job" | "finished_at">): boolean {
  return !report.finished_at && (report.job?.status === "queued" || report.job?.status === "running");
}

/** True while a worker computes the report, or computes it again. */
function isWatched(report: ReportDetail): boolean {
  return isUnderWay(report) || report.recomputations.some(isUnderWay);
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
    refetchInterval: ({ state }) => (state.data && isWatched(state.data) ? WATCH_MS : false),
    enabled: id !== undefined,
  });
}

/** The kinds of report that can be made of a study, and why others cannot. */
export function useReportKinds(study: number) {
  return useQuery({
    queryKey: ["report-kinds", study],
    queryFn: async () =>
      (await api.GET("/api/v1/reports/kinds/{study}/", { params: { path: { study } } })).data ?? [],
  });
}

/** Freeze what a study has and ask for a report. */
export function useMakeReport(study: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (wanted: { kind?: string; title: string; parameters: Chosen }) =>
      (await api.POST("/api/v1/reports/", { body: { kind: "inter_rater", ...wanted, study } }))
        .data as Report,
    onSettled: () => queries.invalidateQueries({ queryKey: ["reports"] }),
  });
}

/** A report computed once more. */
export type Recomputation = Schemas["Recomputation"];
/** Two reports side by side. */
export type ReportComparison = Schemas["Comparison"];

/** Compute a report once more and compare. */
export function useRecompute(report: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      (await api.POST("/api/v1/reports/{id}/recompute/", { params: { path: { id: String(report) } } })).data,
    onSettled: () => queries.invalidateQueries({ queryKey: ["reports", report] }),
  });
}

/** Two reports of one kind side by side. */
export function useComparison(first: number, second: number) {
  return useQuery({
    queryKey: ["reports", first, "compare", second],
    queryFn: async () => {
      const path = { id: String(first), other: second };
      return (await api.GET("/api/v1/reports/{id}/compare/{other}/", { params: { path } }))
        .data as ReportComparison;
    },
  });
}
