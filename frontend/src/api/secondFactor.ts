/** The second factor of one's own account: a six-digit code beside the password, and recovery codes. */
import { ApiError, request, sendJson } from "./client";
import { plainRefusal } from "./session";

const ACCOUNT = "/_allauth/browser/v1/account/authenticators";
const REAUTHENTICATE = "/_allauth/browser/v1/auth/reauthenticate";

/** What an authenticator app needs: the secret as text and as the address that a QR code carries. */
export interface Enrolment {
  readonly secret: string;
  readonly address: string;
}

/** Return whether the account asks for a code when signing in. */
export async function hasSecondFactor(): Promise<boolean> {
  const answer: { data?: { type: string }[] } = await (await request(ACCOUNT)).json();
  return (answer.data ?? []).some(({ type }) => type === "totp");
}

/** Give the password once more, as every change of the second factor needs. */
export async function confirmPassword(password: string): Promise<void> {
  try {
    await sendJson("POST", REAUTHENTICATE, { password });
  } catch (error) {
    throw plainRefusal(error);
  }
}

/** Ask for a new secret. It counts only when a code made from it comes back. */
export async function beginEnrolment(): Promise<Enrolment> {
  try {
    await request(`${ACCOUNT}/totp`);
  } catch (error) {
    const meta = error instanceof ApiError && error.status === 404 ? metaOf(error.body) : null;
    if (meta) return { secret: meta.secret, address: meta.totp_url };
    throw plainRefusal(error);
  }
  throw new Error("This account has a second factor already. Reload the page.");
}

/** Turn the second factor on with a code of the app. Returns the recovery codes: each is good once. */
export async function finishEnrolment(code: string): Promise<string[]> {
  try {
    await sendJson("POST", `${ACCOUNT}/totp`, { code: code.replaceAll(" ", "") });
    return await recoveryCodes();
  } catch (error) {
    throw plainRefusal(error);
  }
}

/** Make new recovery codes; the old ones stop working. */
export async function renewRecoveryCodes(): Promise<string[]> {
  await sendJson("POST", `${ACCOUNT}/recovery-codes`);
  return recoveryCodes();
}

/** Turn the second factor off. */
export async function removeSecondFactor(): Promise<void> {
  try {
    await sendJson("DELETE", `${ACCOUNT}/totp`);
  } catch (error) {
    throw plainRefusal(error);
  }
}

async function recoveryCodes(): Promise<string[]> {
  const answer: { data?: { unused_codes?: string[] } } = await (
    await request(`${ACCOUNT}/recovery-codes`)
  ).json();
  return answer.data?.unused_codes ?? [];
}

function metaOf(body: unknown): { secret: string; totp_url: string } | null {
  const meta = typeof body === "object" && body !== null && "meta" in body ? body.meta : null;
  if (typeof meta !== "object" || meta === null || !("secret" in meta) || !("totp_url" in meta)) return null;
  return { secret: String(meta.secret), totp_url: String(meta.totp_url) };
}
