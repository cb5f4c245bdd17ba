import { expect, test } from "vitest";
import type { Answers } from "@/api/assignment";
import { Clock, clockText } from "@/workbench/clock";
import { choose } from "@/workbench/drafts/choose";
import { actionOf, BINDINGS, digitOf, keyName } from "@/workbench/keys";
import { ago, statusText } from "@/workbench/panels/SavedState";
import { answerOfKey, missing, offers, slots, withAnswer } from "@/workbench/rubric";
import { stepRadius } from "@/workbench/settings";
import { windowPresets } from "@/workbench/windows";
import { RUBRIC } from "./server";

const server = { base: "a", sequence: 3 };

test.each([
  ["nothing here", null, "server"],
  ["the same version", { base: "a", sequence: 3, unsent: false }, "local"],
  ["unsent work on the same version", { base: "a", sequence: 3, unsent: true }, "local"],
  ["an older version without unsent work", { base: "a", sequence: 2, unsent: false }, "server"],
  ["an older version with unsent work", { base: "a", sequence: 2, unsent: true }, "ask"],
  ["a later version than a restored server", { base: "a", sequence: 5, unsent: false }, "local"],
  ["another start mask without unsent work", { base: "b", sequence: 3, unsent: false }, "server"],
  ["another start mask with unsent work", { base: "b", sequence: 9, unsent: true }, "ask"],
] as const)("with %s in the browser, the choice is %s", (_, local, choice) => {
  expect(choose(local, server)).toBe(choice);
});

const SEQUENCES = ["T1c", "FLAIR"];

test("a per-sequence question has one place for each sequence", () => {
  expect(slots(RUBRIC, {}, SEQUENCES).map(({ question, sequence }) => [question.key, sequence])).toEqual([
    ["consistent", null],
    ["missing", "T1c"],
    ["missing", "FLAIR"],
  ]);
});

test("a question with a condition is asked, and its answer goes when the condition no longer holds", () => {
  const place = (answers: Answers, key: string) => {
    const slot = slots(RUBRIC, answers, SEQUENCES).find((each) => each.question.key === key);
    if (!slot) throw new Error(`${key} is not asked`);
    return slot;
  };
  const no = withAnswer(RUBRIC, {}, { slot: place({}, "consistent"), value: false });
  const severe = withAnswer(RUBRIC, no, { slot: place(no, "severity"), value: 3 });
  expect(severe).toEqual({ consistent: false, severity: 3 });
  const yes = withAnswer(RUBRIC, severe, { slot: place(severe, "consistent"), value: true });
  expect(yes).toEqual({ consistent: true });
});

test("false is an answer, and what is missing is known place by place", () => {
  const answers: Answers = { consistent: false, missing: { T1c: "none" } };
  expect(
    missing(RUBRIC, answers, SEQUENCES).map(({ question, sequence }) => `${question.key} ${sequence}`),
  ).toEqual(["missing FLAIR", "severity null"]);
});

test("every answer has one key", () => {
  for (const question of RUBRIC.questions) {
    const keys = offers(question).map((offer) => offer.hotkey);
    expect(new Set(keys).size).toBe(keys.length);
    for (const offer of offers(question)) {
      expect(answerOfKey({ question, sequence: null }, offer.hotkey)).toBe(offer.value);
    }
  }
});

test("no key does two things, and every action has a key", () => {
  const keys = BINDINGS.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { action, keys: own } of BINDINGS) {
    for (const key of own) expect(actionOf(pressOf(key))).toBe(action);
  }
});

function pressOf(name: string) {
  const parts = name.length === 1 ? [name] : name.split("+");
  const key = parts.at(-1) ?? "";
  return {
    key: key === "Space" ? " " : key,
    ctrlKey: parts.includes("Ctrl"),
    metaKey: false,
    altKey: parts.includes("Alt"),
    shiftKey: parts.includes("Shift"),
  };
}

test("signs are named as typed, letters without regard to capitals", () => {
  expect(keyName({ key: "?", ctrlKey: false, metaKey: false, altKey: false, shiftKey: true })).toBe("?");
  expect(keyName({ key: "Z", ctrlKey: true, metaKey: false, altKey: false, shiftKey: true })).toBe(
    "Ctrl+Shift+z",
  );
  expect(keyName({ key: "z", ctrlKey: false, metaKey: true, altKey: false, shiftKey: false })).toBe("Ctrl+z");
});

test("digits are read by their place, so that Shift gives the sequence on any keyboard", () => {
  const plain = { ctrlKey: false, metaKey: false, altKey: false };
  expect(digitOf({ code: "Digit3", shiftKey: true, ...plain })).toEqual({ digit: 3, shift: true });
  expect(digitOf({ code: "Numpad7", shiftKey: false, ...plain })).toEqual({ digit: 7, shift: false });
  expect(digitOf({ code: "KeyA", shiftKey: false, ...plain })).toBeNull();
});

test("time counts as active for a minute after a sign of the person, then as idle, and not at all when hidden", () => {
  const clock = new Clock(10, 0, 0);
  for (let second = 1; second <= 90; second++) clock.tick(second * 1000, { hidden: false });
  expect([clock.activeSeconds, clock.idleSeconds]).toEqual([70, 30]);
  clock.sign(91_000);
  clock.tick(92_000, { hidden: true });
  clock.tick(93_000, { hidden: false });
  expect([clock.activeSeconds, clock.idleSeconds]).toEqual([71, 30]);
  clock.paused.set(true);
  clock.tick(94_000, { hidden: false });
  clock.resume(300_000);
  clock.tick(301_000, { hidden: false });
  expect([clock.activeSeconds, clock.idleSeconds]).toEqual([72, 30]);
  expect([clockText(247), clockText(3847)]).toEqual(["4:07", "1:04:07"]);
});

test("the status says where the work is", () => {
  expect(statusText({ kind: "saved", at: 1000 }, 4000)).toBe("Saved 3 s ago");
  expect(statusText({ kind: "offline" }, 0)).toBe("Offline, kept here");
  expect([ago(59_000), ago(120_000), ago(7_200_000)]).toEqual(["59 s ago", "2 min ago", "2 h ago"]);
});

test("the radius steps by a tenth, at least half a millimetre, within bounds", () => {
  expect([stepRadius(4, 1), stepRadius(20, 1), stepRadius(0.5, -1), stepRadius(40, 1)]).toEqual([
    4.5, 22, 0.5, 40,
  ]);
});

test("window presets leave the air out and stay within the image", () => {
  const raw = Int16Array.from({ length: 10_000 }, (_, i) => (i < 5000 ? 0 : i - 4999));
  const presets = windowPresets({ raw, slope: 2, intercept: 100 });
  const standard = presets.find((preset) => preset.name === "Standard")?.window ?? [0, 0];
  expect(standard[0]).toBeCloseTo(100 + 2 * 0.02 * 5000, -1);
  expect(standard[1]).toBeCloseTo(100 + 2 * 0.98 * 5000, -1);
  expect(windowPresets({ raw: new Int16Array(100), slope: 1, intercept: 0 })).toEqual([]);
});
