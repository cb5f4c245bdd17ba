/** The one way to the server: the generated client, CSRF header, errors in the server's own words. */
import createClient from "openapi-fetch";
import type { paths } from "./schema";

/** What the server said when it refused. `detail` is meant for the person. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly body: unknown = null,
  ) {
    super(detail);
  }

  /** What the refusal is called for programs; null where it has no name. */
  get code(): string | null {
    const { body } = this;
    if (typeof body !== "object" || body === null || !("code" in body)) return null;
    return typeof body.code === "string" ? body.code : null;
  }

  /** True when the sign-in is missing or has run out: signing in again helps. */
  get signedOut(): boolean {
    if (isSignedIn(this.body)) return false; // the server wants the password once more before it does this
    return this.status === 401 || (this.status === 403 && this.detail.toLowerCase().includes("credentials"));
  }
}

/** The server could not be reached at all: no network, or no server. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

const sessionListeners = new Set<() => void>();

/** Be told when any request finds the sign-in expired. Returns the way to stop listening. */
export function onSessionExpired(listener: () => void): () => void {
  sessionListeners.add(listener);
  return () => sessionListeners.delete(listener);
}

/** Return the CSRF token that Django keeps in a cookie, or "" before the first page. */
export function csrfToken(cookies: string = document.cookie): string {
  const pair = cookies.split("; ").find((cookie) => cookie.startsWith("csrftoken="));
  return pair ? decodeURIComponent(pair.slice("csrftoken=".length)) : "";
}

const PASSWORD_AGAIN =
  "Some minutes have passed since you gave your password. Cancel, and give it once more.";
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * `fetch` with the platform's habits: same-origin cookies, the CSRF header on every write, an `ApiError` for
 * every answer that is not a success and an `OfflineError` when there is no answer.
 */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const method = (init.method ?? "GET").toUpperCase();
  const headers = new Headers(init.headers);
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  if (!SAFE_METHODS.has(method)) headers.set("X-CSRFToken", csrfToken());
  const response = await reach(url, { ...init, method, headers, credentials: "same-origin" });
  if (response.ok) return response;
  const error = await readError(response);
  if (error.signedOut) for (const listener of sessionListeners) listener();
  throw error;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError("The server cannot be reached. Your connection may be down.");
  }
}

async function readError(response: Response): Promise<ApiError> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const detail = response.status === 401 && isSignedIn(body) ? PASSWORD_AGAIN : detailOf(body);
  return new ApiError(response.status, detail ?? plainReason(response.status), body);
}

/** The sign-in's own answers say in `meta` whether somebody is signed in. */
function isSignedIn(body: unknown): boolean {
  if (typeof body !== "object" || body === null || !("meta" in body)) return false;
  const { meta } = body;
  return (
    typeof meta === "object" && meta !== null && "is_authenticated" in meta && meta.is_authenticated === true
  );
}

function detailOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  if ("detail" in body && typeof body.detail === "string") return body.detail;
  if ("errors" in body && Array.isArray(body.errors)) {
    // The sign-in's own form of refusal.
    return body.errors.map((error: { message?: unknown }) => String(error.message ?? "")).join(" ") || null;
  }
  if ("data" in body) return null;
  const fields = Object.entries(body).map(([field, reasons]) => `${field}: ${[reasons].flat().join(" ")}`);
  return fields.length > 0 ? fields.join(" · ") : null;
}

function plainReason(status: number): string {
  if (status === 404) return "This does not exist, or is not open to you.";
  if (status === 413) return "This is larger than the server accepts.";
  if (status === 429) return "Too many requests. Wait a minute and try again.";
  if (status >= 500) return "The server had a problem. It was recorded; try again in a moment.";
  return `The server refused the request (${status}).`;
}

/** Send a JSON value and return the JSON answer, or null when the answer has no body. */
export async function sendJson<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: unknown,
): Promise<T | null> {
  const response = await request(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const text = await response.text();
  return text === "" ? null : (JSON.parse(text) as T);
}

/**
 * The client of the platform's API, typed by its schema. A refusal is raised as ApiError, so that an answer is
 * always `data`: `const { data } = await api.GET("/api/v1/studies/")`.
 */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  fetch: async (asked) =>
    understood(
      await request(asked.url, {
        method: asked.method,
        headers: asked.headers,
        signal: asked.signal,
        ...(SAFE_METHODS.has(asked.method) ? {} : { body: await asked.arrayBuffer() }),
      }),
    ),
});

/** Something on the way may answer in the server's place, as the sign-in page of a guest network does. */
function understood(response: Response): Response {
  const type = response.headers.get("Content-Type") ?? "";
  if (response.status === 204 || type === "" || type.includes("json")) return response;
  throw new Error("The answer could not be understood: it may not have been the server's. Try again.");
}
