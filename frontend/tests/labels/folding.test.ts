/** Old steps are folded away (deflated). Nobody may notice: undo all is still the start, redo all still the end. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  admit,
  dab,
  difference,
  History,
  LabelStore,
  makeGrid,
  operate,
  packProposal,
  type Squeeze,
  Stroke,
  summarise,
} from "@/labels";
import { relabel } from "./relabel";

const GRID = makeGrid(
  [12, 10, 6],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 3, 0],
    [0, 0, 0, 1],
  ],
);
const deflate: Squeeze = async (parts) => parts.map((part) => new Uint8Array(deflateRawSync(part)));
const inflate: Squeeze = async (parts) => parts.map((part) => new Uint8Array(inflateRawSync(part)));
const EVERYTHING = { near: 0, bytes: 0, steps: 1 };
const FREE = { over: "everything", locked: new Set<number>(), gate: null } as const;

const label = fc.integer({ min: 0, max: 3 });
const acts = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant<"brush">("brush"), label, at: fc.tuple(fc.nat(11), fc.nat(9), fc.nat(5)) }),
    fc.record({ kind: fc.constant<"noise">("noise"), label, seed: fc.nat() }),
    fc.record({ kind: fc.constant<"grow">("grow"), label: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant<"fold">("fold"), near: fc.nat(3) }),
    fc.record({ kind: fc.constant<"go">("go"), to: fc.nat(20) }),
  ),
  { maxLength: 20 },
);
type Act = typeof acts extends fc.Arbitrary<(infer One)[]> ? One : never;

async function goTo(history: History, position: number): Promise<void> {
  await history.unfold(position, inflate);
  history.goTo(position);
}

async function perform(act: Act, store: LabelStore, history: History): Promise<void> {
  const labels = store.layer(0);
  const names = { name: act.kind, tool: act.kind };
  if (act.kind === "fold") await history.fold(deflate, { ...EVERYTHING, near: act.near });
  else if (act.kind === "go") await goTo(history, Math.min(act.to, history.steps.length));
  else if (act.kind === "brush") {
    const stroke = new Stroke(store, 0, { ...FREE, label: act.label });
    dab(stroke, { radiusMm: 4, axis: null }, act.at);
    const edit = stroke.finish();
    if (edit) history.record(edit, names);
  } else if (act.kind === "grow") {
    const proposal = operate({ grid: GRID, labels }, { kind: "margin", label: act.label, mm: 1 });
    history.do(admit(packProposal(0, labels, proposal), { ...FREE, label: act.label }).edit, names);
  } else {
    const voxels = Uint32Array.from({ length: 200 }, (_, n) => (n * 7919 + act.seed) % GRID.size);
    history.do(relabel(0, labels, { voxels, label: act.label }), names);
  }
}

test("any sequence of tools, folded at any moment: undo all is the start, redo all the end", async () => {
  const property = fc.asyncProperty(acts, fc.nat(3), async (sequence, fill) => {
    const start = new Uint8Array(GRID.size).fill(fill);
    const store = new LabelStore(GRID, 1, start);
    const history = new History(store);
    for (const act of sequence) await perform(act, store, history);
    await goTo(history, history.steps.length);
    const end = store.concatenate();
    const counted = summarise(history.steps, history.position);
    await history.fold(deflate, EVERYTHING);
    expect(summarise(history.steps, history.position)).toEqual(counted);
    await goTo(history, 0);
    expect(store.concatenate()).toEqual(start);
    await history.fold(deflate, EVERYTHING);
    await goTo(history, history.steps.length);
    expect(store.concatenate()).toEqual(end);
    const voxels = history.steps.reduce((sum, { edit }) => sum + edit.count, 0);
    expect(history.bytes).toBeLessThanOrEqual(6 * voxels + 1000 * history.steps.length);
  });
  await fc.assert(property, { numRuns: 60 });
});

/** Checkers of ever another size: nothing that runs alone pack well. */
function checkered(history: History, store: LabelStore, steps: number): void {
  for (let n = 0; n < steps; n++) {
    const wanted = store.layer(0).map((_, i) => (i % (2 + (n % 5)) === 0 ? 1 + (n % 3) : 0));
    history.do(difference(0, store.layer(0), wanted), { name: `${n}`, tool: "brush" });
  }
}

test("folding makes old steps smaller and leaves those near the present alone", async () => {
  const store = new LabelStore(GRID, 1, new Uint8Array(GRID.size));
  const history = new History(store);
  checkered(history, store, 60);
  const before = history.bytes;
  await history.fold(deflate);
  expect(history.steps.map(({ edit }) => edit.deflated === true).lastIndexOf(true)).toBe(60 - 24 - 1);
  expect(history.bytes - 60 * 500).toBeLessThan((before - 60 * 500) / 2);
});

test("a folded step is never applied as it is", async () => {
  const store = new LabelStore(GRID, 1, new Uint8Array(GRID.size));
  const history = new History(store);
  checkered(history, store, 3);
  await history.fold(deflate, EVERYTHING);
  const labels = store.concatenate();
  expect(() => history.undo()).toThrow("unfolded");
  expect(store.concatenate()).toEqual(labels);
});

test("who goes back while steps are folded finds those near them as they were", async () => {
  const store = new LabelStore(GRID, 1, new Uint8Array(GRID.size));
  const history = new History(store);
  checkered(history, store, 40);
  const folding = history.fold(deflate, { near: 24, bytes: 0, steps: 1 });
  history.goTo(10);
  await folding;
  expect(history.steps.some(({ edit }) => edit.deflated)).toBe(false);
  history.goTo(0);
  expect(store.concatenate()).toEqual(new Uint8Array(GRID.size));
});

test("what cannot be made smaller is tried once", async () => {
  const store = new LabelStore(GRID, 1, new Uint8Array(GRID.size));
  const history = new History(store);
  checkered(history, store, 2);
  let asked = 0;
  const useless: Squeeze = async (parts) => {
    asked += parts.length;
    return parts.map((part) => new Uint8Array(part.length + 1));
  };
  await history.fold(useless, EVERYTHING);
  await history.fold(useless, EVERYTHING);
  expect(asked).toBe(2);
  history.goTo(0);
  expect(store.concatenate()).toEqual(new Uint8Array(GRID.size));
});
