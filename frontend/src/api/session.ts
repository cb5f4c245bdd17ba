/** Who is signed in. The sign-in itself is allauth's headless API for browsers. */
import { ApiError, api, sendJson } from "./client";
import type { components } from "./schema";

/** The person at the screen, as the server describes them to themselves. */
export type Person = components["schemas"]["Me"];

const SESSION = "/_allauth/browser/v1/auth/session";
const LOGIN = "/_allauth/browser/v1/auth/login";

/** Return the person signed in, or null. */
export async function readPerson(): Promise<Person | null> {
  try {
    const { data } = await api.GET("/api/v1/me/");
    return data ?? null;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

/**
 * Sign in with e-mail and password. Returns "second factor" when the account asks for one, which the sign-in page
 * then does. Raises ApiError with the server's words when refused.
 */
export async function signIn(email: string, password: string): Promise<"signed in" | "second factor"> {
  try {
    await sendJson("POST", LOGIN, { email, password });
    return "signed in";
  } catch (error) {
    if (error instanceof ApiError && error.status === 401 && hasFlows(error.body)) return "second factor";
    throw error;
  }
}

/** allauth answers 401 with the steps that are left. */
function hasFlows(body: unknown): boolean {
  const data = typeof body === "object" && body !== null && "data" in body ? body.data : null;
  return typeof data === "object" && data !== null && "flows" in data;
}

/** End the session. allauth answers 401 to say "you are out now", which is the success. */
export async function signOut(): Promise<void> {
  try {
    await sendJson("DELETE", SESSION);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return;
    throw error;
  }
}
