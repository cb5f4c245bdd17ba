/** One's own account and the keys of one's scripts. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "./client";
import type { components } from "./schema";

/** A script's key, without the key. */
export type Token = components["schemas"]["Token"];
/** A key that was just made: the only time that it is shown. */
export type NewToken = components["schemas"]["NewToken"];

/** Change one's own name. */
export async function changeName(name: string): Promise<void> {
  await api.PATCH("/api/v1/me/", { body: { name } });
}

/** Keep the keys that one chose for the workbench, by action. */
export async function keepWorkbenchKeys(keys: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const body = Object.fromEntries(Object.entries(keys).map(([action, names]) => [action, [...names]]));
  await api.PATCH("/api/v1/me/", { body: { workbench_keys: body } });
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
