/** Live agreement: how the raters and the model of a study agree, as of now. */
import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
/** A study's agreement for one region. */
export type StudyAgreement = Schemas["StudyAgreement"];
export type AgreementReading = Schemas["AgreementReading"];
export type AgreementRater = Schemas["AgreementRater"];
export type AgreementCase = Schemas["AgreementCase"];
/** A mean over cases with what it leaves out. */
export type Mean = Schemas["Mean"];
/** The agreement so far in one study. */
export type AgreementLine = Schemas["AgreementOverview"];
/** A map of where people disagree about a case. */
export type DisagreementMap = Schemas["DisagreementMap"];

/** What is measured between two masks. */
export type Metric = "dice" | "jaccard" | "hausdorff95" | "surface_dice";

const SOON_MS = 1_000;
const CALM_MS = 4_000;

/** A study's agreement; asks again soon while cases are being compared, calmly while the study runs. */
export function useAgreement(study: number, region: string, running: boolean) {
  return useQuery({
    queryKey: ["studies", study, "agreement", region],
    queryFn: async () => {
      const query = region ? { region } : {};
      const { data } = await api.GET("/api/v1/studies/{id}/agreement/", {
        params: { path: { id: study }, query },
      });
      return data as StudyAgreement;
    },
    refetchInterval: ({ state }) => {
      if (state.data?.cases.some((one) => one.state === "computing")) return SOON_MS;
      return running ? CALM_MS : false;
    },
    placeholderData: (before) => before,
  });
}

/** The agreement so far in each of one's studies, by study. */
export function useAgreementSoFar() {
  return useQuery({
    queryKey: ["studies", "agreement"],
    queryFn: async () => {
      const lines = (await api.GET("/api/v1/agreement/")).data ?? [];
      return new Map(lines.map((line) => [line.study, line]));
    },
    refetchInterval: CALM_MS * 5,
  });
}

/** The disagreement maps of a case that one may see. */
export function useDisagreementMaps(of: { readonly case: number } | { readonly assignment: string }) {
  return useQuery({
    queryKey: ["disagreement", of],
    queryFn: async () => (await api.GET("/api/v1/disagreement-maps/", { params: { query: of } })).data ?? [],
  });
}
