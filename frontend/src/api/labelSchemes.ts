/** Label schemes: one query for all who need them, whatever part of the list they show. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

/** A label scheme with its definition as data. */
export type LabelScheme = components["schemas"]["LabelScheme"];

/** Every version of every scheme; a version never changes. */
export const LABEL_SCHEMES = queryOptions({
  queryKey: ["label-schemes"],
  queryFn: async (): Promise<LabelScheme[]> => (await api.GET("/api/v1/label-schemes/")).data ?? [],
  staleTime: 60_000,
});
