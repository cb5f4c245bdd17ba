// @vitest-environment node
import { afterEach, expect, test, vi } from "vitest";
import { assignmentApi } from "@/api/assignment";
import { OfflineError } from "@/api/client";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const notes = { answers: {}, comments: [], active_seconds: 0, idle_seconds: 0, edits: {} };
const draft = { bytes: new Blob(), notes, base: "", sequence: 0, branch: null, saveKey: "mine" };

/** Every request is answered with this, as by the server or by something in its place. */
function answerWith(body: string): void {
  vi.stubGlobal("document", { cookie: "" });
  vi.stubGlobal("fetch", async () => new Response(body));
}

test("a save that is never answered ends by itself, as one that no server heard", async () => {
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(new DOMException("", "TimeoutError")));
  vi.stubGlobal("document", { cookie: "" });
  vi.stubGlobal("fetch", async (_: string, { signal }: RequestInit) => {
    signal?.throwIfAborted();
    return new Promise(() => undefined);
  });
  await expect(assignmentApi.saveDraft("x", draft)).rejects.toBeInstanceOf(OfflineError);
});

const RECEIPT = { sequence: 1, saved_at: "2026-01-01T00:00:00Z", save_key: "mine" };

test("the receipt of a save is taken, for a branch also the one of an equal branch that was there before", async () => {
  answerWith(JSON.stringify(RECEIPT));
  expect(await assignmentApi.saveDraft("x", draft)).toEqual(RECEIPT);
  const older = { ...RECEIPT, save_key: "of an older one" };
  answerWith(JSON.stringify(older));
  expect(await assignmentApi.saveDraft("x", { ...draft, branch: "browser" })).toEqual(older);
});

test.each([
  "{}",
  "null",
  "<html>Sign in to the network</html>",
  JSON.stringify({ ...RECEIPT, save_key: "of another save" }),
  JSON.stringify({ ...RECEIPT, sequence: undefined }),
])("an answer that is no receipt is no save: %s", async (body) => {
  answerWith(body);
  await expect(assignmentApi.saveDraft("x", draft)).rejects.toThrow("could not be understood");
});

test("an answer that is no receipt keeps no branch", async () => {
  answerWith("{}");
  const branch = { ...draft, branch: "browser" } as const;
  await expect(assignmentApi.saveDraft("x", branch)).rejects.toThrow("could not be understood");
});
