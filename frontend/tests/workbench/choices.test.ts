/** Choices with their moments: joined alike in any order, believed only where they fit, and bounded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Choices,
  joinChoices,
  MOST_WINDOWS,
  sameChoices,
  settingsOf,
  tidyChoices,
  withChanges,
} from "@/workbench/choices";
import { RULES } from "@/workbench/settingRules";
import { DEFAULT_SETTINGS, RANGES } from "@/workbench/settings";
import { chosen } from "./account";

const moment = fc.integer({ min: 0, max: 5 });
const someChoices: fc.Arbitrary<Choices> = fc
  .record(
    {
      tool: fc.record({ value: fc.constantFrom("brush", "lasso", "grow"), at: moment }),
      radiusMm: fc.record({ value: fc.integer({ min: 1, max: 40 }), at: moment }),
      "window 3 T1c": fc.record({
        value: fc.constantFrom({ preset: "Full" }, { parts: [0.1, 0.8] }),
        at: moment,
      }),
      keys: fc.record({ value: fc.constantFrom({}, { help: ["F1"] }, { help: ["x"], a: [] }), at: moment }),
    },
    { requiredKeys: [] },
  )
  .map((choices) => choices as Choices);

test("choices joined in any order and any number of times are the same", () => {
  fc.assert(
    fc.property(someChoices, someChoices, someChoices, (a, b, c) => {
      expect(joinChoices(a, b)).toEqual(joinChoices(b, a));
      expect(joinChoices(joinChoices(a, b), c)).toEqual(joinChoices(a, joinChoices(b, c)));
      expect(joinChoices(a, a)).toEqual(a);
    }),
  );
});

test("of each setting the later choice holds, and what only one browser knows stays", () => {
  const here = { ...chosen({ tool: "lasso" }, 20), ...chosen({ radiusMm: 9 }, 5) };
  const there = { ...chosen({ tool: "grow" }, 10), ...chosen({ radiusMm: 3, fill: 0.5 }, 7) };
  expect(settingsOf(joinChoices(here, there))).toEqual({
    ...DEFAULT_SETTINGS,
    tool: "lasso",
    radiusMm: 3,
    fill: 0.5,
  });
});

test("windows are joined one by one", () => {
  const here = chosen({ windows: { "3 T1c": { preset: "Full" }, "3 T2": { preset: "Full" } } }, 5);
  const there = chosen({ windows: { "3 T1c": { parts: [0.1, 0.9] } } }, 9);
  expect(settingsOf(joinChoices(here, there)).windows).toEqual({
    "3 T1c": { parts: [0.1, 0.9] },
    "3 T2": { preset: "Full" },
  });
});

test("a choice is later than the one that it replaces, also when that one's clock was ahead", () => {
  const ahead = chosen({ tool: "grow" }, 9_000);
  const after = { ...settingsOf(ahead), tool: "lasso" } as const;
  const mine = withChanges(ahead, { before: settingsOf(ahead), after, now: 1_000 });
  expect(mine.tool).toEqual({ value: "lasso", at: 9_001 });
  expect(settingsOf(joinChoices(ahead, mine)).tool).toBe("lasso");
});

test("only what was changed becomes a choice", () => {
  expect(Object.keys(chosen({ tool: "lasso", radiusMm: DEFAULT_SETTINGS.radiusMm }))).toEqual(["tool"]);
});

test("every default fits its own rule", () => {
  const { windows: _, ...defaults } = DEFAULT_SETTINGS;
  for (const [name, value] of Object.entries(defaults))
    expect(RULES[name as keyof typeof RULES](value), name).toBe(true);
});

test.each([
  ["tool", "pencil"],
  ["tool", "toString"],
  ["radiusMm", "4"],
  ["radiusMm", 1e9],
  ["radiusMm", Number.NaN],
  ["surface", "yes"],
  ["compared", "T1c"],
  ["compared", [1]],
  ["guidesShown", [3]],
  ["outlinesShown", ["start"]],
  ["arrangement", null],
  ["keys", { help: "F1" }],
  ["keys", []],
  ["window 3 T1c", [0, 1]],
  ["window 3 T1c", { parts: [0] }],
  ["window 3 T1c", { parts: [0, null] }],
  ["windows", { "3 T1c": { preset: "Full" } }],
  ["constructor", {}],
  ["colour of yesterday", "red"],
])("%s = %j is left out, and the others hold", (name, value) => {
  const kept = { ...chosen({ shape: "sphere" }), [name]: { value, at: 3 } };
  expect(tidyChoices(kept)).toEqual(chosen({ shape: "sphere" }));
});

test.each([
  undefined,
  null,
  [],
  "brush",
  { tool: "brush" },
  { tool: { value: "grow" } },
  { tool: { value: "grow", at: -1 } },
  { tool: { value: "grow", at: "now" } },
  { tool: { value: "grow", at: 1e300 } },
])("of %j nothing is used", (kept) => {
  expect(tidyChoices(kept)).toEqual({});
  expect(settingsOf(tidyChoices(kept))).toEqual(DEFAULT_SETTINGS);
});

test("whatever was kept, settings fit their rules", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(RULES), "window 1 T2"), fc.anything()),
      (kept) => {
        const { windows: _, ...settings } = settingsOf(tidyChoices(kept));
        for (const [name, value] of Object.entries(settings))
          expect(RULES[name as keyof typeof RULES](value)).toBe(true);
      },
    ),
  );
});

test("the windows chosen longest ago are forgotten, and the account's limit is never reached", () => {
  const windows = Object.fromEntries(
    Array.from({ length: MOST_WINDOWS + 20 }, (_, n) => [
      `${n} ${"sequence".repeat(4)}`,
      { value: { parts: [1 / 3, 2 / 3] }, at: 1_700_000_000_000 + n },
    ]).map(([key, choice]) => [`window ${key as string}`, choice]),
  );
  const { radiusMm } = RANGES;
  const tidy = tidyChoices({ ...chosen({ radiusMm: radiusMm.max }), ...windows });
  expect(Object.keys(tidy)).toHaveLength(MOST_WINDOWS + 1);
  expect(Object.keys(tidy).some((name) => name.startsWith("window 19 "))).toBe(false);
  expect(Object.keys(tidy).some((name) => name.startsWith("window 20 "))).toBe(true);
  expect(JSON.stringify(tidy).length).toBeLessThan(32_768 / 2);
});

test("a database may give the fields of a value back in another order", () => {
  const here = { keys: { value: { "tool.brush": ["x"], help: ["F1"] }, at: 1 } };
  const there = { keys: { at: 1, value: { help: ["F1"], "tool.brush": ["x"] } } };
  expect(sameChoices(here, there)).toBe(true);
});
