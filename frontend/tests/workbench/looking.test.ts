import { expect, test } from "vitest";
import { type Arrangement, layoutOf, sequencesOf, withSequence } from "@/workbench/arrangement";
import { partsOf, windowOf } from "@/workbench/windows";

const AVAILABLE = ["T1", "T1c", "T2", "FLAIR"];

test("side by side stand the sequences that the person wants, then the case's others", () => {
  const panes = (wanted: string[], available = AVAILABLE) =>
    sequencesOf("two sequences", { current: "T1", wanted, available });
  expect(panes(["FLAIR", "T1c"])).toEqual(["FLAIR", "T1c"]);
  expect(panes(["FLAIR"])).toEqual(["FLAIR", "T1"]);
  expect(panes(["DWI"])).toEqual(["T1", "T1c"]);
  expect(panes([], ["T2"])).toEqual(["T2"]);
});

test("four panes show four sequences once each, and one pane shows the one in use", () => {
  const four = sequencesOf("four sequences", { current: "T2", wanted: ["T2", "T2"], available: AVAILABLE });
  expect(four).toEqual(["T2", "T1", "T1c", "FLAIR"]);
  expect(sequencesOf("one plane", { current: "T2", wanted: ["T1"], available: AVAILABLE })).toEqual(["T2"]);
});

test("a sequence that is on screen is gone to; another one takes the place of the pane in use", () => {
  expect(withSequence(["T1", "FLAIR"], 0, "FLAIR")).toEqual({ sequences: ["T1", "FLAIR"], pane: 1 });
  expect(withSequence(["T1", "FLAIR"], 1, "T2")).toEqual({ sequences: ["T1", "T2"], pane: 1 });
});

test("all three planes are one pane, with a corner free for the surface; side by side is one plane each", () => {
  const layout = (arrangement: Arrangement, surface: boolean) =>
    layoutOf({ arrangement, plane: "coronal", surface });
  expect(layout("three planes", false)).toBe("three planes");
  expect(layout("three planes", true)).toBe("three planes and a free corner");
  expect(layout("four sequences", true)).toBe("coronal");
});

test("a window set by hand keeps its place in the prepared window on a scanner with other numbers", () => {
  const choice = partsOf([300, 900], [100, 1100]);
  expect(windowOf(choice, [100, 1100], [])).toEqual([300, 900]);
  const [low, high] = windowOf(choice, [0, 1], []);
  expect(low).toBeCloseTo(0.2);
  expect(high).toBeCloseTo(0.8);
});

test("a preset is looked up on each image, and is the prepared window until it is known", () => {
  const choice = { preset: "Soft tissue" };
  expect(windowOf(choice, [0, 10], [])).toEqual([0, 10]);
  expect(windowOf(choice, [0, 10], [{ name: "Soft tissue", window: [2, 5] }])).toEqual([2, 5]);
  expect(windowOf(undefined, [0, 10], [])).toEqual([0, 10]);
});
