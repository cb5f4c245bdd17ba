import { afterEach, expect, test, vi } from "vitest";
import { assignmentApi } from "@/api/assignment";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("how long ago a draft was saved does not hang on this computer's clock", async () => {
  const headers = { Date: "Thu, 01 Jan 2026 12:00:00 GMT", "Content-Type": "application/json" };
  const body = JSON.stringify({ draft: { saved_at: "2026-01-01T11:59:00Z" } });
  vi.stubGlobal("fetch", async () => new Response(body, { headers }));
  const now = Date.parse("2026-01-02T12:00:00Z"); // a day ahead
  vi.spyOn(Date, "now").mockReturnValue(now);
  expect((await assignmentApi.read("x")).savedAt).toBe(now - 60_000);
});
