/** What site administrators look after: people, invitations, centres, the audit trail, health. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, api, request } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** An account as a site administrator sees it. */
export type User = Schemas["User"];
/** An invitation as whoever sent it sees it. */
export type Invitation = Schemas["Invitation"];
/** The account, and the link to send its owner. */
export type Invited = Schemas["Invited"];
/** One line of the audit trail. */
export type Event = Schemas["Event"];

/** Whether the platform can do its work. */
export interface Health {
  readonly status: string;
  readonly version: string;
  readonly checks: Readonly<Record<string, boolean>>;
}

const MANY = 500;
const HEALTH_POLL_MS = 15_000;

/** All accounts. */
export function useUsers() {
  return useQuery({
    queryKey: ["users"],
    queryFn: async () =>
      (await api.GET("/api/v1/users/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
  });
}

/** Change an account, or whether it administers the site. */
export function useChangeUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({
      id,
      administrator,
      ...body
    }: Schemas["PatchedUserChangeRequest"] & { id: number; administrator?: boolean }) => {
      if (administrator === true)
        await api.PUT("/api/v1/users/{id}/administrator/", { params: { path: { id } } });
      if (administrator === false)
        await api.DELETE("/api/v1/users/{id}/administrator/", { params: { path: { id } } });
      if (Object.keys(body).length > 0)
        await api.PATCH("/api/v1/users/{id}/", { params: { path: { id: String(id) } }, body });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
}

/** The invitations that were sent. */
export function useInvitations() {
  return useQuery({
    queryKey: ["invitations"],
    queryFn: async () =>
      (await api.GET("/api/v1/invitations/", { params: { query: { page_size: MANY } } })).data?.results ?? [],
  });
}

/** Invite somebody; the answer holds the link, which is never shown again. */
export function useInvite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schemas["InvitationWriteRequest"]) =>
      (await api.POST("/api/v1/invitations/", { body })).data as Invited,
    gcTime: 0,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["users"] }),
        queries.invalidateQueries({ queryKey: ["invitations"] }),
      ]),
  });
}

/** Revoke an invitation. */
export function useRevokeInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => {
      await api.DELETE("/api/v1/invitations/{id}/", { params: { path: { id: String(id) } } });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["invitations"] }),
  });
}

/** Make a centre, or change the one of this id. */
export function useSaveCentre() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, ...body }: Schemas["CentreRequest"] & { id: number | null }) => {
      if (id === null) await api.POST("/api/v1/centres/", { body });
      else await api.PATCH("/api/v1/centres/{id}/", { params: { path: { id: String(id) } }, body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["centres"] }),
  });
}

/** One page of the audit trail, newest first. */
export function useEvents(verb: string, page: number, pageSize: number) {
  return useQuery({
    queryKey: ["audit", verb, page, pageSize],
    queryFn: async () => {
      const query = { page, page_size: pageSize, ...(verb ? { verb } : {}) };
      return (await api.GET("/api/v1/audit/", { params: { query } })).data;
    },
    placeholderData: (before) => before,
  });
}

/** Whether database and storage work; a failing check is an answer, not an error. */
export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: async (): Promise<Health> => {
      try {
        return (await (await request("/api/v1/health/")).json()) as Health;
      } catch (error) {
        if (error instanceof ApiError && error.status === 503) return error.body as Health;
        throw error;
      }
    },
    refetchInterval: HEALTH_POLL_MS,
  });
}
