/** One's own account and the keys of one's scripts. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, request } from "./client";
import type { components } from "./schema";

/** A script's key, without the key. */
export type Token = components["schemas"]["Token"];
/** A key that was just made: the only time that it is shown. */
export type NewToken = components["schemas"]["NewToken"];

/** Change one's own name. */
export async function changeName(name: string): Promise<void> {
  await api.PATCH("/api/v1/me/", { body: { name } });
}

/** A person's settings of the workbench as the account keeps them: `revision` counts how often they were kept. */
export type KeptSettings = components["schemas"]["WorkbenchSettings"];

/** Read one's own settings of the workbench. */
export async function readWorkbenchSettings(person: string): Promise<KeptSettings> {
  const path = { user_id: Number(person) };
  const { data } = await api.GET("/api/v1/users/{user_id}/workbench/", { params: { path } });
  return data as KeptSettings;
}

/**
 * Keep one's own settings of the workbench; ApiError 409 when they were changed since `revision` was read. The request
 * is on its way when this returns, and outlives the window.
 */
export async function keepWorkbenchSettings(person: string, settings: KeptSettings): Promise<KeptSettings> {
  const response = await request(`/api/v1/users/${person}/workbench/`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(settings),
    keepalive: true,
  });
  return (await response.json()) as KeptSettings;
}

/** The keys that one may see: one's own, all for site administrators. */
export function useTokens() {
  return useQuery({
    queryKey: ["tokens"],
    queryFn: async () =>
      (await api.GET("/api/v1/tokens/", { params: { query: { page_size: 500 } } })).data?.results ?? [],
  });
}

/** Make a key. */
export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { name: string; days: number | null }) =>
      (await api.POST("/api/v1/tokens/", { body })).data as NewToken,
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
}

/** Revoke a key. */
export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => {
      await api.DELETE("/api/v1/tokens/{id}/", { params: { path: { id: String(id) } } });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
}
