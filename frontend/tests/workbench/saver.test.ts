import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OfflineError } from "@/api/client";
import { Saver } from "@/workbench/drafts/saver";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function makeSaver() {
  const state = { revision: 0, uploaded: 0, sent: [] as number[], fail: false };
  const saver = new Saver(
    {
      revision: () => state.revision,
      uploaded: () => state.uploaded,
      upload: async () => {
        if (state.fail) throw new OfflineError("offline");
        state.sent.push(state.revision);
        return { sequence: state.sent.length, saved_at: new Date(500_000).toISOString(), save_key: "" };
      },
      acknowledge: async (revision) => {
        state.uploaded = revision;
      },
    },
    null,
  );
  const change = () => {
    state.revision++;
    saver.touch();
  };
  return { saver, state, change };
}

test("strokes in a row are sent once, two seconds after the last", async () => {
  const { state, change, saver } = makeSaver();
  change();
  await vi.advanceTimersByTimeAsync(1500);
  change();
  await vi.advanceTimersByTimeAsync(1900);
  expect(state.sent).toEqual([]);
  expect(saver.status.get().kind).toBe("kept");
  await vi.advanceTimersByTimeAsync(200);
  expect(state.sent).toEqual([2]);
  expect(saver.status.get().kind).toBe("saved");
});

test("strokes without a pause are sent after eight seconds all the same", async () => {
  const { state, change } = makeSaver();
  for (let i = 0; i < 9; i++) {
    change();
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(state.sent.length).toBeGreaterThan(0);
});

test("offline is tried again by itself and loses nothing", async () => {
  const { state, change, saver } = makeSaver();
  state.fail = true;
  change();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(saver.status.get().kind).toBe("offline");
  state.fail = false;
  await vi.advanceTimersByTimeAsync(31_000);
  expect(saver.status.get().kind).toBe("saved");
  expect(state.uploaded).toBe(state.revision);
});

test("a change while sending is sent too", async () => {
  const { state, saver, change } = makeSaver();
  change();
  const running = saver.run();
  state.revision++;
  await running;
  expect(state.uploaded).toBe(2);
});

test("a window that yielded sends nothing more", async () => {
  const { state, saver, change } = makeSaver();
  saver.yieldToOther();
  change();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(state.sent).toEqual([]);
  expect(saver.status.get().kind).toBe("elsewhere");
});

test("a save was just now by this computer's clock, whatever the server's says", async () => {
  const { saver, change } = makeSaver();
  change();
  await saver.run();
  expect(saver.status.get()).toEqual({ kind: "saved", at: Date.now() });
});
