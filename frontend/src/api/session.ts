/** Who is signed in, and what the sign-in can do. The sign-in itself is allauth's headless API for browsers. */
import { ApiError, api, csrfToken, request, sendJson } from "./client";
import type { components } from "./schema";

/** The person at the screen, as the server describes them to themselves. */
export type Person = components["schemas"]["Me"];

const BROWSER = "/_allauth/browser/v1";
const SESSION = `${BROWSER}/auth/session`;
const RESET = `${BROWSER}/auth/password/reset`;

/** What an attempt to sign in leads to. */
export type SignInOutcome = "signed in" | "second factor";

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
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  await ensureCsrf();
  try {
    await sendJson("POST", `${BROWSER}/auth/login`, { email, password });
    return "signed in";
  } catch (error) {
    if (error instanceof ApiError && error.status === 401 && flowsOf(error.body).length > 0) {
      return "second factor";
    }
    // Somebody is signed in already, for instance in another tab.
    if (error instanceof ApiError && error.status === 409) return "signed in";
    throw plainRefusal(error);
  }
}

/** Answer the second step with a code of the authenticator app, or a recovery code. */
export async function confirmSecondFactor(code: string): Promise<void> {
  try {
    await sendJson("POST", `${BROWSER}/auth/2fa/authenticate`, { code: code.replaceAll(" ", "") });
  } catch (error) {
    throw plainRefusal(error);
  }
}

/** Ask for the e-mail with the link that resets a password. Unknown addresses get the same answer. */
export async function requestPasswordReset(email: string): Promise<void> {
  await ensureCsrf();
  try {
    await sendJson("POST", `${BROWSER}/auth/password/request`, { email });
  } catch (error) {
    throw plainRefusal(error);
  }
}

/** Return whether the link of a reset still works. */
export async function checkResetKey(key: string): Promise<boolean> {
  try {
    await request(RESET, { headers: { "X-Password-Reset-Key": key } });
    return true;
  } catch (error) {
    if (error instanceof ApiError && [400, 404, 409].includes(error.status)) return false;
    throw error;
  }
}

/** Set a new password with the key of a link. allauth answers 401: one still has to sign in. */
export async function resetPassword(key: string, password: string): Promise<void> {
  await ensureCsrf();
  try {
    await sendJson("POST", RESET, { key, password });
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return;
    throw plainRefusal(error);
  }
}

/** Change one's own password. */
export async function changePassword(current: string, next: string): Promise<void> {
  try {
    await sendJson("POST", `${BROWSER}/account/password/change`, {
      current_password: current,
      new_password: next,
    });
  } catch (error) {
    throw plainRefusal(error);
  }
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

/** The page as Django serves it brings the CSRF cookie; ask for one where it is missing. */
async function ensureCsrf(): Promise<void> {
  if (csrfToken() === "") await request(SESSION).catch(() => undefined);
}

/** allauth answers 401 with the steps that are left. */
function flowsOf(body: unknown): unknown[] {
  const data = typeof body === "object" && body !== null && "data" in body ? body.data : null;
  return typeof data === "object" && data !== null && "flows" in data && Array.isArray(data.flows)
    ? data.flows
    : [];
}

/** Say a refusal for too many attempts in words; allauth sends only the number. */
export function plainRefusal(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.status !== 429) return error;
  return new ApiError(429, "Too many attempts. Wait five minutes and try again.", error.body);
}
