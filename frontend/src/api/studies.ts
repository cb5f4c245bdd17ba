/** Studies: what their members see and what their leads do. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import { LABEL_SCHEMES } from "./labelSchemes";
import type { components } from "./schema";

type Schemas = components["schemas"];
/** A study as any member sees it. */
export type Study = Schemas["Study"];
/** A study as its lead sees it. */
export type StudyDetail = Schemas["StudyDetail"];
/** What a lead says of a study. */
export type StudyFields = Schemas["StudyWriteRequest"];
export type Board = Schemas["Board"];
export type BoardCell = Schemas["BoardCell"];
export type BoardCase = Schemas["BoardCase"];
export type Reading = Schemas["Reading"];
export type BoardRater = Schemas["BoardRater"];
export type Membership = Schemas["Membership"];
export type MemberFields = Schemas["MemberWriteRequest"];
export type StudyExport = Schemas["Export"];

const MANY = 500;
const WATCH_MS = 1_500;
const BOARD_MS = 10_000;

/** True when the person steers the study. */
export function leads(study: Study | StudyDetail): study is StudyDetail {
  return study.roles.includes("lead") || study.roles.includes("administrator");
}

/** The studies that one may see. */
export function useStudies() {
  return useQuery({
    queryKey: ["studies", "mine"],
    queryFn: async () =>
      (await api.GET("/api/v1/studies/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
  });
}

/** One study; a lead's has the fields of `StudyDetail`. */
export function useStudy(id: number) {
  return useQuery({
    queryKey: ["studies", id],
    queryFn: async () => {
      const { data } = await api.GET("/api/v1/studies/{id}/", { params: { path: { id: String(id) } } });
      return data as Study | StudyDetail;
    },
  });
}

/** Cases × raters; asks again while start masks are on their way, calmly otherwise. */
export function useBoard(id: number) {
  return useQuery({
    queryKey: ["studies", id, "board"],
    queryFn: async () =>
      (await api.GET("/api/v1/studies/{id}/board/", { params: { path: { id: String(id) } } })).data as Board,
    refetchInterval: ({ state }) =>
      state.data?.cases.some(({ start_mask: mask }) => mask && mask.status !== "failed")
        ? WATCH_MS
        : BOARD_MS,
  });
}

/** The members, also those whose role has ended. */
export function useMembers(id: number) {
  return useQuery({
    queryKey: ["studies", id, "members"],
    queryFn: async () =>
      (await api.GET("/api/v1/studies/{id}/members/", { params: { path: { id: String(id) } } })).data ?? [],
  });
}

/** The label schemes that a study can use. */
export function useLabelSchemes() {
  return useQuery(LABEL_SCHEMES);
}

/** The models whose masks the raters can start from. */
export function useStartRaters() {
  return useQuery({
    queryKey: ["start-raters"],
    queryFn: async () => (await api.GET("/api/v1/start-raters/")).data ?? [],
  });
}

/** Whose masks the raters can be shown beside those that they start from. */
export function useSecondSources() {
  return useQuery({
    queryKey: ["second-sources"],
    queryFn: async () => (await api.GET("/api/v1/second-sources/")).data ?? [],
  });
}

/** The first cases that one may see and that match the search, for choosing some of them. */
export function useChoosableCases(search: string, enabled: boolean) {
  return useQuery({
    queryKey: ["cases", "choosable", search],
    queryFn: async () => {
      const query = { page_size: MANY, ...(search ? { search } : {}) };
      return (await api.GET("/api/v1/cases/", { params: { query } })).data;
    },
    placeholderData: (before) => before,
    enabled,
  });
}

/** The rater's next case of a study, or null when none waits. */
export function useNextReading(study: number) {
  return useQuery({
    queryKey: ["assignments", "next", study],
    queryFn: async () =>
      (await api.GET("/api/v1/assignments/next/", { params: { query: { study } } })).data ?? null,
    staleTime: 0,
  });
}

/** The exports of a study; asks often while one is being made. */
export function useExports(id: number) {
  return useQuery({
    queryKey: ["studies", id, "exports"],
    queryFn: async () =>
      (await api.GET("/api/v1/studies/{id}/exports/", { params: { path: { id: String(id) } } })).data ?? [],
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === "queued" || status === "running") ? WATCH_MS : false,
  });
}

/** Make a draft study. */
export function useCreateStudy() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: StudyFields) =>
      (await api.POST("/api/v1/studies/", { body })).data as StudyDetail,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["studies"] }),
  });
}

/** A change of one study; what is shown of it is read again. */
function useStudyChange<Change, Answer = void>(change: (asked: Change) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ["studies"] }),
  });
}

/** Change what a study says of itself. */
export function useChangeStudy(id: number) {
  return useStudyChange(async (body: Partial<StudyFields>) => {
    await api.PATCH("/api/v1/studies/{id}/", { params: { path: { id: String(id) } }, body });
  });
}

/** Start a draft study, or close a running one. */
export function useStudyStep(id: number) {
  return useStudyChange(async (step: "start" | "close") => {
    const params = { path: { id: String(id) } };
    if (step === "start") await api.POST("/api/v1/studies/{id}/start/", { params });
    else await api.POST("/api/v1/studies/{id}/close/", { params });
  });
}

/** Let the study read more cases. */
export function useAddCases(id: number) {
  return useStudyChange(async (cases: number[]) => {
    await api.POST("/api/v1/studies/{id}/cases/", { params: { path: { id: String(id) } }, body: { cases } });
  });
}

/** Take a case out of a draft study. */
export function useRemoveCase(id: number) {
  return useStudyChange(async (caseId: number) => {
    const path = { id: String(id), case_id: String(caseId) };
    await api.DELETE("/api/v1/studies/{id}/cases/{case_id}/", { params: { path } });
  });
}

/** Try a start mask again that could not be made. */
export function useRetryStartMask(id: number) {
  return useStudyChange(async (caseId: number) => {
    const path = { id: String(id), case_id: String(caseId) };
    await api.POST("/api/v1/studies/{id}/cases/{case_id}/start-mask/retry/", { params: { path } });
  });
}

/** Let the raters draw a case from nothing, whose start mask could not be made. */
export function useBeginWithoutStartMask(id: number) {
  return useStudyChange(async (caseId: number) => {
    const path = { id: String(id), case_id: String(caseId) };
    await api.POST("/api/v1/studies/{id}/cases/{case_id}/start-mask/give-up/", { params: { path } });
  });
}

/** Give a person a role; the answer has the invitation's link when they have no account yet. */
export function useAddMember(id: number) {
  return useStudyChange(async (body: MemberFields) => {
    const path = { id: String(id) };
    return (await api.POST("/api/v1/studies/{id}/members/", { params: { path }, body })).data;
  });
}

/** End a member's role. */
export function useEndMembership(id: number) {
  return useStudyChange(async (member: number) => {
    const path = { id: String(id), member_id: String(member) };
    await api.DELETE("/api/v1/studies/{id}/members/{member_id}/", { params: { path } });
  });
}

/** What was handed in with one reading beside its labels, for whoever may see the results. */
export function useReading(id: number, assignment: string) {
  return useQuery({
    queryKey: ["studies", id, "reading", assignment],
    queryFn: async () => {
      const path = { id: String(id), assignment_id: assignment };
      return (await api.GET("/api/v1/studies/{id}/assignments/{assignment_id}/", { params: { path } }))
        .data as Reading;
    },
  });
}

/** Give a submitted reading back to its rater with a reason. */
export function useReturnReading(id: number) {
  return useStudyChange(async ({ assignment, reason }: { assignment: string; reason: string }) => {
    const path = { id: String(id), assignment_id: assignment };
    await api.POST("/api/v1/studies/{id}/assignments/{assignment_id}/return/", {
      params: { path },
      body: { reason },
    });
  });
}

/** Ask for an export of the study's masks and scores. */
export function useMakeExport(id: number) {
  return useStudyChange(async (suffix: string) => {
    await api.POST("/api/v1/studies/{id}/exports/", {
      params: { path: { id: String(id) } },
      body: { suffix },
    });
  });
}
