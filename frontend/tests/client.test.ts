import { afterEach, expect, test, vi } from "vitest";
import { ApiError, csrfToken, OfflineError, onSessionExpired, request, sendJson } from "@/api/client";

afterEach(() => vi.unstubAllGlobals());

function answerWith(response: Response): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(async () => response);
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

test("the CSRF token is read from Django's cookie", () => {
  expect(csrfToken("a=1; csrftoken=abc%3D; b=2")).toBe("abc=");
  expect(csrfToken("")).toBe("");
});

test("a write carries the CSRF header and a read does not", async () => {
  vi.stubGlobal("document", { cookie: "csrftoken=secret" });
  const fetch = answerWith(new Response("{}"));
  await sendJson("POST", "/x", {});
  await request("/x");
  const headers = fetch.mock.calls.map((call) => (call[1].headers as Headers).get("X-CSRFToken"));
  expect(headers).toEqual(["secret", null]);
});

test("a refusal is raised in the server's own words", async () => {
  answerWith(new Response(JSON.stringify({ detail: "Already submitted." }), { status: 409 }));
  await expect(request("/x")).rejects.toMatchObject({ status: 409, detail: "Already submitted." });
});

test("an expired sign-in is told to the listeners", async () => {
  answerWith(new Response("{}", { status: 401 }));
  const heard = vi.fn();
  const stop = onSessionExpired(heard);
  await expect(request("/x")).rejects.toBeInstanceOf(ApiError);
  stop();
  expect(heard).toHaveBeenCalledTimes(1);
});

test("a password asked for once more is no expired sign-in", async () => {
  const body = { status: 401, data: { flows: [{ id: "reauthenticate" }] }, meta: { is_authenticated: true } };
  answerWith(new Response(JSON.stringify(body), { status: 401 }));
  const heard = vi.fn();
  const stop = onSessionExpired(heard);
  const detail = expect.stringContaining("give it once more");
  await expect(request("/x")).rejects.toMatchObject({ signedOut: false, detail });
  stop();
  expect(heard).not.toHaveBeenCalled();
});

test("no network is another error than a refusal", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("failed");
  });
  await expect(request("/x")).rejects.toBeInstanceOf(OfflineError);
});
