/** Cases with their images, segmentations and attributes. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, request } from "./client";
import type { components, operations } from "./schema";

type Schemas = components["schemas"];

/** A case in a list. */
export type CaseSummary = Schemas["Case"];
/** A case with everything on its page. */
export type CaseDetail = Schemas["CaseDetail"];
/** One sequence of a case. */
export type Series = Schemas["Series"];
/** One segmentation, for those who may know whose it is. */
export type Segmentation = Schemas["Segmentation"];
/** A model's probability of one label, for leads. */
export type ProbabilityMap = Schemas["ProbabilityMap"];
/** What a list of cases can be narrowed down by. */
export type CaseQuery = NonNullable<operations["cases_list"]["parameters"]["query"]>;
/** The attributes that a lead may correct. */
export type CaseAttributes = Schemas["PatchedCaseChangeRequest"];

/** The words for the codes of attributes. */
export const TUMOUR_TYPES: Readonly<Record<Schemas["TumourTypeEnum"], string>> = {
  glioma: "Glioma",
  lgg: "Low-grade glioma",
  gbm: "Glioblastoma",
  meningioma: "Meningioma",
  metastasis: "Metastasis",
  other: "Other",
  unknown: "Unknown",
};
export const YES_NO_UNKNOWN: Readonly<Record<Schemas["YesNoUnknown"], string>> = {
  yes: "Yes",
  no: "No",
  unknown: "Unknown",
};
export const IDH: Readonly<Record<Schemas["Idh"], string>> = {
  mutant: "Mutant",
  wildtype: "Wild type",
  unknown: "Unknown",
};

const POLL_MS = 2_000;

/** One page of cases. Asks again while a case on it is still being prepared. */
export function useCases(query: CaseQuery) {
  return useQuery({
    queryKey: ["cases", "list", query],
    queryFn: async () => (await api.GET("/api/v1/cases/", { params: { query } })).data,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (state.data?.results.some(({ prepared }) => !prepared) ? 5_000 : false),
  });
}

/** One case. Asks often while its pictures are being prepared. */
export function useCase(id: string) {
  return useQuery({
    queryKey: ["cases", id],
    queryFn: async () =>
      (await api.GET("/api/v1/cases/{id}/", { params: { path: { id } } })).data as CaseDetail,
    refetchInterval: ({ state }) => {
      const status = state.data?.preparation?.status;
      return status === "queued" || status === "running" ? POLL_MS : false;
    },
  });
}

/** Correct the attributes that reports group by. */
export function useChangeAttributes(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: CaseAttributes) =>
      (await api.PATCH("/api/v1/cases/{id}/attributes/", { params: { path: { id } }, body }))
        .data as CaseDetail,
    onSuccess: (detail) => {
      queries.setQueryData(["cases", id], detail);
      void queries.invalidateQueries({ queryKey: ["cases", "list"] });
    },
  });
}

/** Read a file of the server as bytes. */
export async function readBytes(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await request(url, { headers: { Accept: "*/*" }, signal })).arrayBuffer();
}

/** The address of one layer of a segmentation as a file on its native grid. */
export function downloadUrl(segmentation: number, suffix: string, layer = 0): string {
  return `/api/v1/segmentations/${segmentation}/download/?as=${encodeURIComponent(suffix)}&layer=${layer}`;
}
