/** A person's settings in this browser and with their account: at once here, soon there, and nothing waits or fails. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError, OfflineError } from "@/api/client";
import { settingsOf } from "@/workbench/choices";
import { forgetPerson } from "@/workbench/forget";
import { ownKeys } from "@/workbench/keys";
import { OwnSettings } from "@/workbench/ownSettings";
import { DEFAULT_SETTINGS } from "@/workbench/settings";
import { readHere } from "@/workbench/settingsHere";
import { chosen, FakeAccount } from "./account";

const opened: OwnSettings[] = [];
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  localStorage.clear();
});
afterEach(() => {
  for (const own of opened.splice(0)) own.close();
  vi.useRealTimers();
});

function open(account = new FakeAccount(), person = "7"): OwnSettings {
  const own = new OwnSettings(person, account);
  opened.push(own);
  return own;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test("what is kept here holds at once, before the account has answered", () => {
  localStorage.setItem("overread-settings-7", JSON.stringify(chosen({ tool: "lasso" })));
  expect(open().settings.get().tool).toBe("lasso");
});

test("a broken copy in this browser means the defaults", async () => {
  localStorage.setItem("overread-settings-7", "{");
  expect(open().settings.get()).toEqual(DEFAULT_SETTINGS);
});

test("what the account has is shown on opening, and the picture is told", async () => {
  const own = open(new FakeAccount(chosen({ arrangement: "two sequences", keys: { help: ["F1"] } }, 5)));
  await settle();
  expect(own.settings.get().arrangement).toBe("two sequences");
  expect(ownKeys.get()).toEqual({ help: ["F1"] });
  expect(own.adopted.get()).toBe(1);
  expect(readHere("7")).toHaveProperty("arrangement");
});

test("the newer choice holds, wherever it was made, and the account learns of it", async () => {
  localStorage.setItem(
    "overread-settings-7",
    JSON.stringify({ ...chosen({ tool: "lasso" }, 9), ...chosen({ radiusMm: 7 }, 2) }),
  );
  const account = new FakeAccount({ ...chosen({ tool: "grow" }, 3), ...chosen({ radiusMm: 8 }, 4) });
  const own = open(account);
  await settle();
  expect(own.settings.get()).toMatchObject({ tool: "lasso", radiusMm: 8 });
  expect(settingsOf(account.settings.choices)).toMatchObject({ tool: "lasso", radiusMm: 8 });
});

test("when here and account agree, nothing is sent", async () => {
  localStorage.setItem("overread-settings-7", JSON.stringify(chosen({ tool: "lasso" })));
  const account = new FakeAccount(chosen({ tool: "lasso" }));
  open(account);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(account.reads).toBe(1);
  expect(account.sent).toEqual([]);
});

test("a drag over a slider is kept here at each step and sent once, two seconds after it", async () => {
  const account = new FakeAccount();
  const own = open(account);
  await settle();
  for (const fill of [0.4, 0.5, 0.6]) {
    own.settings.patch({ fill });
    expect(readHere("7")).toHaveProperty("fill.value", fill);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(account.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(account.sent).toHaveLength(1);
  expect(settingsOf(account.settings.choices).fill).toBe(0.6);
});

test("a window that is hidden or closed sends at once", async () => {
  const account = new FakeAccount();
  const own = open(account);
  await settle();
  own.settings.patch({ fill: 0.4 });
  window.dispatchEvent(new Event("pagehide"));
  expect(account.sent).toHaveLength(1);
  await settle();
  own.settings.patch({ fill: 0.5 });
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(account.sent).toHaveLength(2);
  await settle();
  own.settings.patch({ fill: 0.6 });
  own.close();
  await settle();
  expect(settingsOf(account.settings.choices).fill).toBe(0.6);
  vi.restoreAllMocks();
});

test("what comes after the person began to work changes nothing under their hand, but the next case", async () => {
  const account = new FakeAccount(chosen({ tool: "grow", radiusMm: 8 }, 5));
  const own = open(account);
  own.settings.patch({ tool: "lasso" });
  await settle();
  expect(own.settings.get()).toMatchObject({ tool: "lasso", radiusMm: DEFAULT_SETTINGS.radiusMm });
  own.close();
  expect(open(account).settings.get()).toMatchObject({ tool: "lasso", radiusMm: 8 });
});

test("a stroke counts as having begun", async () => {
  const own = open(new FakeAccount(chosen({ tool: "grow" }, 5)));
  own.act();
  await settle();
  expect(own.settings.get().tool).toBe(DEFAULT_SETTINGS.tool);
});

test("offline nothing fails; it is tried again, and at once when the network is back", async () => {
  const account = new FakeAccount();
  account.failure = new OfflineError("The server cannot be reached.");
  const own = open(account);
  own.settings.patch({ tool: "lasso" });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(own.settings.get().tool).toBe("lasso");
  expect(own.trouble.get()).toBe("The server cannot be reached.");
  const tried = account.reads;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(account.reads).toBeGreaterThan(tried);
  account.failure = null;
  window.dispatchEvent(new Event("online"));
  await settle();
  expect(settingsOf(account.settings.choices).tool).toBe("lasso");
  expect(own.trouble.get()).toBeNull();
});

test("after a sign-in that ran out it waits for the person, and sends then", async () => {
  const account = new FakeAccount();
  const own = open(account);
  await settle();
  account.failure = new ApiError(401, "Sign in.");
  own.settings.patch({ tool: "lasso" });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(account.sent).toHaveLength(1);
  account.failure = null;
  await own.exchange();
  expect(settingsOf(account.settings.choices).tool).toBe("lasso");
});

test("what the account refuses is not sent over and over, and the reason is there", async () => {
  const account = new FakeAccount();
  const own = open(account);
  await settle();
  account.failure = new ApiError(400, "The settings of the workbench have 32768 characters at most.");
  own.settings.patch({ tool: "lasso" });
  await vi.advanceTimersByTimeAsync(300_000);
  expect(account.sent).toHaveLength(1);
  expect(own.trouble.get()).toContain("at most");
});

test("two computers at once: each keeps its own, the account has both", async () => {
  const account = new FakeAccount();
  const here = open(account, "here");
  const there = open(account, "there");
  await settle();
  here.settings.patch({ tool: "lasso" });
  there.settings.patch({ radiusMm: 9 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(settingsOf(account.settings.choices)).toMatchObject({ tool: "lasso", radiusMm: 9 });
  expect(there.settings.get().tool).toBe(DEFAULT_SETTINGS.tool);
});

test("two windows of one browser do not write over each other's choices", async () => {
  const [first, second] = [open(), open()];
  await settle();
  first.settings.patch({ tool: "lasso" });
  second.settings.patch({ radiusMm: 9 });
  expect(open().settings.get()).toMatchObject({ tool: "lasso", radiusMm: 9 });
});

test("signing out takes the settings off this computer, and a window left open sends and keeps no more", async () => {
  vi.useRealTimers();
  const account = new FakeAccount();
  const own = open(account);
  await own.exchange();
  own.settings.patch({ tool: "lasso" });
  open(new FakeAccount(), "8").settings.patch({ tool: "grow" });
  await forgetPerson("7");
  await vi.waitFor(() => {
    own.settings.patch({ radiusMm: own.settings.get().radiusMm + 1 });
    expect(readHere("7")).toEqual({});
  });
  own.close();
  expect(readHere("7")).toEqual({});
  expect(account.sent).toEqual([]);
  expect(readHere("8")).toHaveProperty("tool");
});

test("signing out takes the settings off this computer also where no case is open", async () => {
  vi.useRealTimers();
  const own = open();
  own.settings.patch({ tool: "lasso" });
  own.close();
  expect(readHere("7")).toHaveProperty("tool");
  await forgetPerson("7");
  expect(readHere("7")).toEqual({});
});

test("a browser that refuses its store changes nothing else", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const account = new FakeAccount();
  const own = open(account);
  await settle();
  own.settings.patch({ tool: "lasso" });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(own.settings.get().tool).toBe("lasso");
  expect(settingsOf(account.settings.choices).tool).toBe("lasso");
  vi.restoreAllMocks();
});
