import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Follower } from "@/workbench/follower";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function counting() {
  let calls = 0;
  const follower = new Follower(async () => ++calls, 400);
  return { follower, calls: () => calls };
}

test("nothing is computed while nobody looks", async () => {
  const { follower, calls } = counting();
  follower.changed();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls()).toBe(0);
});

test("many changes are one computation, once they have stopped for a moment", async () => {
  const { follower, calls } = counting();
  const stop = follower.watch();
  await vi.advanceTimersByTimeAsync(0);
  for (let n = 0; n < 10; n++) {
    follower.changed();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(calls()).toBe(1);
  await vi.advanceTimersByTimeAsync(400);
  expect(calls()).toBe(2);
  stop();
  follower.changed();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls()).toBe(2);
});

test("looking again computes only when something changed meanwhile", async () => {
  const { follower, calls } = counting();
  follower.watch()();
  await vi.advanceTimersByTimeAsync(0);
  follower.watch()();
  await vi.advanceTimersByTimeAsync(0);
  expect(calls()).toBe(1);
  follower.changed();
  follower.watch();
  await vi.advanceTimersByTimeAsync(0);
  expect(calls()).toBe(2);
});

test("a change during the computation is followed by another one, and the last value stays meanwhile", async () => {
  let finish: (value: string) => void = () => undefined;
  const follower = new Follower(() => new Promise<string>((resolve) => (finish = resolve)), 400);
  follower.watch();
  follower.changed();
  await vi.advanceTimersByTimeAsync(400);
  finish("first");
  await vi.advanceTimersByTimeAsync(400);
  expect(follower.state.get()).toEqual({ value: "first", isWorking: true, error: null });
  finish("second");
  await vi.advanceTimersByTimeAsync(0);
  expect(follower.state.get().value).toBe("second");
});

test("a failure is told, and the next change tries again", async () => {
  let fail = true;
  const follower = new Follower(async () => {
    if (fail) throw new Error("no memory");
    return 1;
  }, 400);
  follower.watch();
  await vi.advanceTimersByTimeAsync(0);
  expect(follower.state.get().error).toBe("no memory");
  fail = false;
  follower.changed();
  await vi.advanceTimersByTimeAsync(400);
  expect(follower.state.get()).toEqual({ value: 1, isWorking: false, error: null });
});
