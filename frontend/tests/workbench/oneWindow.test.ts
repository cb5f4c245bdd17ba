// @vitest-environment node
import { afterEach, expect, test, vi } from "vitest";
import { OneWindow } from "@/workbench/drafts/oneWindow";

const opened: OneWindow[] = [];
let assignment = "";

function openWindow(): { window: OneWindow; released: string[] } {
  const released: string[] = [];
  const window = new OneWindow(assignment, async (heard) => void released.push(heard));
  opened.push(window);
  return { window, released };
}

afterEach(() => {
  for (const window of opened.splice(0)) window.close();
  vi.restoreAllMocks();
});

test("of windows that open at the same moment exactly one gets the case", async () => {
  for (let round = 0; round < 5; round++) {
    assignment = `together ${Math.random()}`;
    const windows = [openWindow(), openWindow(), openWindow()];
    const claims = await Promise.all(windows.map(({ window }) => window.claim()));
    expect(claims.filter(Boolean)).toHaveLength(1);
  }
});

test("a window that holds the case steps back in time when it is asked to", async () => {
  assignment = `asked ${Math.random()}`;
  const [first, second] = [openWindow(), openWindow()];
  expect(await first.window.claim()).toBe(true);
  expect(await second.window.claim()).toBe(false);
  await second.window.takeOver();
  expect(first.released).toEqual(["in time"]);
  expect(await openWindow().window.claim()).toBe(false);
});

test("a window that is still writing when the other one goes on is told that it is late", async () => {
  assignment = `slow ${Math.random()}`;
  const released: string[] = [];
  const slow = new OneWindow(assignment, async (heard) => {
    released.push(heard);
    if (heard === "in time") await new Promise(() => undefined);
  });
  opened.push(slow);
  expect(await slow.claim()).toBe(true);
  const other = new BroadcastChannel(`overread-assignment-${assignment}`);
  other.postMessage({ kind: "take", from: "another", at: Date.now() });
  await vi.waitFor(() => expect(released).toEqual(["in time"]));
  other.postMessage({ kind: "mine" });
  await vi.waitFor(() => expect(released).toEqual(["in time", "late"]));
  other.close();
});

test("a window that was asleep hears that it is late, and steps back without a word", async () => {
  assignment = `asleep ${Math.random()}`;
  const first = openWindow();
  expect(await first.window.claim()).toBe(true);
  // What a sleeping window hears when it wakes up: the other one asked, waited in vain, and went on.
  const other = new BroadcastChannel(`overread-assignment-${assignment}`);
  other.postMessage({ kind: "take", from: "another", at: Date.now() - 60_000 });
  await vi.waitFor(() => expect(first.released).toEqual(["late"]));
  other.close();

  assignment = `asleep when another one opened ${Math.random()}`;
  const second = openWindow();
  expect(await second.window.claim()).toBe(true);
  const opener = new BroadcastChannel(`overread-assignment-${assignment}`);
  opener.postMessage({ kind: "mine" });
  await vi.waitFor(() => expect(second.released).toEqual(["late"]));
  opener.close();
});
