/** What the home pages show: the next case, one's queue, one's studies, and what raters reported. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

/** One line of the rater's queue. */
export type QueueLine = components["schemas"]["Assignment"];
/** A study as its members see it. */
export type MyStudy = components["schemas"]["Study"];
/** What a rater told the lead about a case. */
export type ProblemReport = components["schemas"]["ProblemReport"];

const MANY = 500;

/** The case to do next, or null when none waits. */
export function useNextAssignment() {
  return useQuery({
    queryKey: ["assignments", "next"],
    queryFn: async () => (await api.GET("/api/v1/assignments/next/")).data ?? null,
    staleTime: 0,
  });
}

/** All of one's assignments, in the stored order. */
export function useQueue() {
  return useQuery({
    queryKey: ["assignments", "queue"],
    queryFn: async () =>
      (await api.GET("/api/v1/assignments/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
    staleTime: 0,
  });
}

/** How long one has been active in one's readings since Monday. */
export function useMyWeek() {
  return useQuery({
    queryKey: ["assignments", "my-week"],
    queryFn: async () => (await api.GET("/api/v1/assignments/my-week/")).data ?? null,
    staleTime: 0,
  });
}

/** The studies that one is a member of. */
export function useMyStudies() {
  return useQuery({
    queryKey: ["studies", "mine"],
    queryFn: async () =>
      (await api.GET("/api/v1/studies/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
  });
}

/** The reports of raters that are open to the caller. */
export function useProblems() {
  return useQuery({
    queryKey: ["problems"],
    queryFn: async () =>
      (await api.GET("/api/v1/problems/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
  });
}

/** Note that a reported problem was dealt with. */
export function useSettleProblem() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => {
      await api.POST("/api/v1/problems/{id}/settle/", { params: { path: { id: String(id) } } });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["problems"] }),
  });
}
