/** Background work: what runs, waits and failed. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

/** A job in a list. */
export type Job = components["schemas"]["Job"];
/** A job with its result. */
export type JobDetail = components["schemas"]["JobDetail"];
/** A job with what helps an administrator to find out why it failed. */
export type JobForAdministrator = components["schemas"]["JobForAdministrator"];
/** Where a job is in its life. */
export type JobStatus = NonNullable<Job["status"]>;

const OVER: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);
const POLL_MS = 1_500;
const CALM_POLL_MS = 8_000;

/** True when a job will not change any more by itself. */
export function jobIsOver(status: string): boolean {
  return OVER.has(status);
}

/** True when the job tells its details for administrators. */
export function isForAdministrator(job: JobDetail | JobForAdministrator): job is JobForAdministrator {
  return "detail" in job;
}

/** Follow one job until it ends. */
export function useJob(id: string) {
  return useQuery({
    queryKey: ["jobs", "one", id],
    queryFn: async () => (await api.GET("/api/v1/jobs/{id}/", { params: { path: { id } } })).data ?? null,
    refetchInterval: ({ state }) => (jobIsOver(state.data?.status ?? "") ? false : POLL_MS),
  });
}

/** One page of the jobs that the caller may see, newest first; asks often while any of them is under way. */
export function useJobs(status: JobStatus | "", page: number, pageSize: number) {
  return useQuery({
    queryKey: ["jobs", "list", status, page, pageSize],
    queryFn: async () => {
      const query = { page, page_size: pageSize, ...(status ? { status } : {}) };
      return (await api.GET("/api/v1/jobs/", { params: { query } })).data;
    },
    placeholderData: (before) => before,
    refetchInterval: ({ state }) =>
      state.data?.results.some((job) => !jobIsOver(job.status ?? "")) ? POLL_MS : CALM_POLL_MS,
  });
}

/** Cancel a job, or try one again. */
export function useJobAction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, verb }: { id: string; verb: "cancel" | "retry" }) => {
      const params = { path: { id } };
      if (verb === "cancel") await api.POST("/api/v1/jobs/{id}/cancel/", { params });
      else await api.POST("/api/v1/jobs/{id}/retry/", { params });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
