/** Invitations by link. */
import { api, csrfToken } from "./client";
import type { components } from "./schema";

/** What a link tells whoever holds it. */
export type OpenInvitation = components["schemas"]["OpenInvitation"];

/** Return what a link is about. Raises ApiError with the reason when it does not work any more. */
export async function readInvitation(token: string): Promise<OpenInvitation> {
  const { data } = await api.GET("/api/v1/invitations/{token}/", { params: { path: { token } } });
  if (!data) throw new Error("The server did not say what this invitation is about.");
  return data;
}

/** Accept an invitation; one is signed in afterwards. */
export async function acceptInvitation(token: string, name: string, password: string): Promise<void> {
  if (csrfToken() === "") await readInvitation(token);
  await api.POST("/api/v1/invitations/accept/", { body: { token, name, password } });
}
