/** Who is signed in. The sign-in itself is allauth's headless API for browsers. */
import { ApiError, getJson, sendJson } from "./client";

/** The person at the screen, as the server describes them to themselves. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly is_staff: boolean;
  /** The roles the person has in any study: "lead", "rater", "adjudicator", "observer". */
  readonly roles: readonly string[];
}

const ME = "/api/v1/me/";
const SESSION = "/_allauth/browser/v1/auth/session";
const LOGIN = "/_allauth/browser/v1/auth/login";

/** Return the person signed in, or null. */
export async function readPerson(): Promise<Person | null> {
  try {
    return await getJson<Person>(ME);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

/** Sign in with e-mail and password. Raises ApiError with the server's words when refused. */
export async function signIn(email: string, password: string): Promise<void> {
  await sendJson("POST", LOGIN, { email, password });
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
