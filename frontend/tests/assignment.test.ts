// @vitest-environment node
import { afterEach, expect, test, vi } from "vitest";
import { assignmentApi } from "@/api/assignment";
import { OfflineError } from "@/api/client";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a save that is never answered ends by itself, as one that no server heard", async () => {
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(new DOMException("", "TimeoutError")));
  vi.stubGlobal("document", { cookie: "" });
  vi.stubGlobal("fetch", async (_: string, { signal }: RequestInit) => {
    signal?.throwIfAborted();
    return new Promise(() => undefined);
  });
  const notes = { answers: {}, comments: [], active_seconds: 0, idle_seconds: 0, edits: {} };
  const draft = { bytes: new Blob(), notes, base: "", sequence: 0, branch: null, saveKey: "" };
  await expect(assignmentApi.saveDraft("x", draft)).rejects.toBeInstanceOf(OfflineError);
});
