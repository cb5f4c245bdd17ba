import { expect, test } from "vitest";
import { packEdit } from "@/labels";
import { outcomeOf, stepName } from "@/workbench/changes";
import type { EditorLabel } from "@/workbench/editor";

const label = (value: number, name: string, layerIndex = 0): EditorLabel => ({
  key: name,
  name,
  value,
  color: "#fff",
  layer: `${layerIndex}`,
  layerIndex,
});
const labels = [label(1, "Core"), label(2, "Oedema"), label(3, "Necrosis"), label(1, "Other", 1)];

/** An edit of layer 0 that turns voxels of some labels into others. */
const edit = (...changes: readonly [before: number, after: number][]) =>
  packEdit({
    layer: 0,
    indices: Uint32Array.from(changes, (_, n) => n),
    before: Uint8Array.from(changes, ([before]) => before),
    after: Uint8Array.from(changes, ([, after]) => after),
  });

test("a step is named by the one or two labels that it changed, with more of them by none", () => {
  const named = (...changes: [number, number][]) =>
    stepName("Revert box", { edit: edit(...changes), on: null, labels });
  expect(named([2, 0])).toBe("Revert box · Oedema");
  expect(named([3, 1], [0, 1])).toBe("Revert box · Core and Necrosis");
  expect(named([2, 1], [3, 1])).toBe("Revert box");
});

test("work on one label is named by that label, whatever else it changed", () => {
  const on = labels[0] as EditorLabel;
  expect(stepName("Dilate", { edit: edit([2, 1], [3, 1]), on, labels })).toBe("Dilate · Core");
});

test("the outcome counts each label that changed, and what was kept back", () => {
  const some = edit([2, 1], [3, 1], [0, 2]);
  expect(outcomeOf(some, { labels, refused: 0 })).toBe(
    "Core: 2 voxels more, 0 fewer; Oedema: 1 voxels more, 1 fewer; Necrosis: 0 voxels more, 1 fewer.",
  );
  expect(outcomeOf(edit([0, 1]), { labels, refused: 4 })).toBe(
    "Core: 1 voxels more, 0 fewer. 4 were kept back by locks or limits.",
  );
});
