/** The label engine at full size, 240×240×155 at 1 mm: `npm run bench`. Figures depend on the machine. */
import { bench, describe } from "vitest";
import {
  dab,
  dabAlong,
  History,
  LabelStore,
  makeGrid,
  packLabels,
  Stroke,
  unpackEdit,
  type Vec3,
} from "@/labels";

const GRID = makeGrid(
  [240, 240, 155],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);
const BRUSH = { radiusMm: 12, axis: null };
const CENTRE: Vec3 = [120, 120, 77];

function makeStore(): LabelStore {
  return new LabelStore(GRID, 1, new Uint8Array(GRID.size));
}

function strokeOf(store: LabelStore, label: number): Stroke {
  return new Stroke(store, 0, { label, over: "everything", locked: new Set(), gate: null });
}

describe("12 mm sphere", () => {
  const store = makeStore();
  let label = 1;
  bench("one dab on voxels that all change", () => {
    label = 3 - label;
    dab(strokeOf(store, label), BRUSH, CENTRE);
  });

  const painted = makeStore();
  let colour = 1;
  bench("a stroke of 20 points over 100 mm, kept in the history", () => {
    colour = 3 - colour;
    const stroke = strokeOf(painted, colour);
    for (let i = 1; i < 20; i++) {
      dabAlong(stroke, BRUSH, { from: [60 + i * 5 - 5, 120, 77], to: [60 + i * 5, 120, 77] });
    }
    const edit = stroke.finish();
    if (edit) new History(painted).record(edit, { name: "stroke", tool: "brush" });
  });
});

describe("a stroke of 20 points", () => {
  const store = makeStore();
  const history = new History(store);
  const stroke = strokeOf(store, 1);
  for (let i = 1; i < 20; i++) {
    dabAlong(stroke, BRUSH, { from: [60 + i * 5 - 5, 120, 77], to: [60 + i * 5, 120, 77] });
  }
  const edit = stroke.finish();
  if (!edit) throw new Error("The stroke changed nothing.");
  const step = history.record(edit, { name: "stroke", tool: "brush" });
  bench("undo and redo", () => {
    history.undo();
    history.redo();
  });
  bench("unpack voxel by voxel", () => {
    unpackEdit(step.edit);
  });
  bench("pack the whole mask for the browser's store", () => {
    packLabels(store.layer(0));
  });
});
