/** Model versions with their cards. */
import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

/** A model version, with the rater that it is in studies. */
export type ModelVersion = components["schemas"]["ModelVersion"];

/** The model versions, newest first. */
export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: async () =>
      (await api.GET("/api/v1/models/", { params: { query: { page_size: 500 } } })).data?.results ?? [],
  });
}
