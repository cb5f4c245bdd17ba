import fc from "fast-check";
import { expect, test } from "vitest";
import { type Brush, dab, dabAlong } from "@/labels/brush";
import { type PackedEdit, unpackEdit } from "@/labels/edit";
import { type Axis, makeGrid, sameGeometry, type Vec3, voxelOf, voxelToMm } from "@/labels/grid";
import { grow } from "@/labels/grow";
import { History, summarise } from "@/labels/history";
import { fillPolygon } from "@/labels/polygon";
import type { PaintRule } from "@/labels/rule";
import { LabelStore } from "@/labels/store";
import { Stroke } from "@/labels/stroke";
import { ANISOTROPIC } from "./anisotropic";
import { relabel } from "./relabel";

const OEDEMA = 2;
const CORE = 1;
const FREE: PaintRule = { label: OEDEMA, over: "everything", locked: new Set(), gate: null };

function emptyStore(layers = 1): LabelStore {
  return new LabelStore(ANISOTROPIC, layers, new Uint8Array(ANISOTROPIC.size * layers));
}

function paint(
  store: LabelStore,
  rule: PaintRule,
  draw: (stroke: Stroke) => void,
  layer = 0,
): PackedEdit | null {
  const stroke = new Stroke(store, layer, rule);
  draw(stroke);
  return stroke.finish();
}

function mmBetween(a: Vec3, b: Vec3): number {
  const [p, q] = [voxelToMm(ANISOTROPIC, a), voxelToMm(ANISOTROPIC, b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

const position = fc.tuple(
  fc.double({ min: -2, max: 26, noNaN: true }),
  fc.double({ min: -2, max: 22, noNaN: true }),
  fc.double({ min: -1, max: 10, noNaN: true }),
);
const brushes = fc.record<Brush>({
  radiusMm: fc.double({ min: 0.2, max: 8, noNaN: true }),
  axis: fc.constantFrom<(Axis | null)[]>(null, 0, 1, 2),
});

test("a sphere paints exactly the voxels whose centres lie within its radius in mm", () => {
  fc.assert(
    fc.property(position, fc.double({ min: 0.2, max: 8, noNaN: true }), (centre, radiusMm) => {
      const store = emptyStore();
      paint(store, FREE, (stroke) => dab(stroke, { radiusMm, axis: null }, centre));
      for (let index = 0; index < ANISOTROPIC.size; index++) {
        const mm = mmBetween(voxelOf(ANISOTROPIC, index), centre);
        if (mm <= radiusMm - 1e-9) expect(store.layer(0)[index]).toBe(OEDEMA);
        if (mm > radiusMm + 1e-9 && store.layer(0)[index] === OEDEMA)
          expect(underPointer(index, centre)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test("a dab always takes the voxel under it, also with a radius smaller than a voxel", () => {
  const inside = fc.tuple(
    fc.double({ min: -0.49, max: 23.49, noNaN: true }),
    fc.double({ min: -0.49, max: 19.49, noNaN: true }),
    fc.double({ min: -0.49, max: 8.49, noNaN: true }),
  );
  fc.assert(
    fc.property(inside, brushes, (at, brush) => {
      const store = emptyStore();
      const stroke = new Stroke(store, 0, FREE);
      const box = dab(stroke, brush, at);
      const [x, y, z] = at.map(Math.round) as [number, number, number];
      expect(store.layer(0)[x + y * 24 + z * 480]).toBe(OEDEMA);
      const edit = stroke.finish();
      for (const index of edit ? unpackEdit(edit).indices : []) {
        voxelOf(ANISOTROPIC, index).forEach((v, axis) => {
          expect(v).toBeGreaterThanOrEqual(box?.low[axis] ?? Number.NaN);
          expect(v).toBeLessThanOrEqual(box?.high[axis] ?? Number.NaN);
        });
      }
    }),
  );
});

function underPointer(index: number, centre: Vec3): boolean {
  const voxel = voxelOf(ANISOTROPIC, index);
  return voxel.every(
    (v, axis) =>
      v ===
      Math.min((ANISOTROPIC.shape[axis] as number) - 1, Math.max(0, Math.round(centre[axis] as number))),
  );
}

test("a disc stays in its slice", () => {
  const store = emptyStore();
  const edit = paint(store, FREE, (stroke) => dab(stroke, { radiusMm: 4, axis: 2 }, [12, 10, 4.4]));
  expect(
    new Set([...(edit ? unpackEdit(edit).indices : [])].map((index) => voxelOf(ANISOTROPIC, index)[2])),
  ).toEqual(new Set([4]));
});

test("a fast stroke has no gaps", () => {
  const store = emptyStore();
  paint(store, FREE, (stroke) =>
    dabAlong(stroke, { radiusMm: 1, axis: 2 }, { from: [1, 10, 4], to: [22, 10, 4] }),
  );
  for (let x = 1; x <= 22; x++) expect(store.layer(0)[x + 10 * 24 + 4 * 480]).toBe(OEDEMA);
});

const rules = fc.record<PaintRule>({
  label: fc.integer({ min: 0, max: 4 }),
  over: fc.oneof(
    fc.constant<"everything">("everything"),
    fc.constant<"background">("background"),
    fc.array(fc.integer({ min: 0, max: 4 })).map((values) => new Set(values)),
  ),
  locked: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }).map((values) => new Set(values)),
  gate: fc.option(
    fc
      .record({ low: fc.integer({ min: 0, max: 100 }), width: fc.integer({ min: 0, max: 100 }) })
      .map(({ low, width }) => ({
        intensities: {
          raw: Int16Array.from({ length: ANISOTROPIC.size }, (_, i) => (i * 37) % 100),
          slope: 2,
          intercept: 10,
        },
        low,
        high: low + width,
      })),
  ),
});
const gestures = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant<"brush">("brush"),
      rule: rules,
      brush: brushes,
      layer: fc.integer({ min: 0, max: 1 }),
      path: fc.array(position, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant<"polygon">("polygon"),
      rule: rules,
      axis: fc.constantFrom<Axis[]>(0, 1, 2),
      layer: fc.integer({ min: 0, max: 1 }),
      path: fc.array(position, { minLength: 1, maxLength: 6 }),
    }),
    fc.record({ kind: fc.constant<"undo">("undo") }),
    fc.record({ kind: fc.constant<"redo">("redo") }),
  ),
  { maxLength: 14 },
);

test("any sequence of strokes, undos and redos, then undo all, is the start; and redo all is the end", () => {
  fc.assert(
    fc.property(gestures, fc.uint8Array({ minLength: 64, maxLength: 64, max: 4 }), (sequence, seed) => {
      const start = Uint8Array.from({ length: ANISOTROPIC.size * 2 }, (_, i) => seed[(i * 7) % 64] as number);
      const store = new LabelStore(ANISOTROPIC, 2, start);
      const history = new History(store);
      for (const gesture of sequence) {
        if (gesture.kind === "undo") history.undo();
        else if (gesture.kind === "redo") history.redo();
        else {
          const edit = paint(
            store,
            gesture.rule,
            (stroke) =>
              gesture.kind === "brush"
                ? gesture.path.forEach(
                    (to, i) => void dabAlong(stroke, gesture.brush, { from: gesture.path[i - 1] ?? to, to }),
                  )
                : void fillPolygon(stroke, gesture.axis, gesture.path),
            gesture.layer,
          );
          if (edit) history.record(edit, { name: gesture.kind, tool: gesture.kind });
        }
        expectTrueCounts(store);
      }
      history.goTo(history.steps.length);
      const end = store.concatenate();
      history.goTo(0);
      expect(store.concatenate()).toEqual(start);
      history.goTo(history.steps.length);
      expect(store.concatenate()).toEqual(end);
      const voxels = history.steps.reduce((sum, step) => sum + step.edit.count, 0);
      expect(history.bytes).toBeLessThanOrEqual(6 * voxels + 1000 * history.steps.length);
    }),
    { numRuns: 80 },
  );
});

function expectTrueCounts(store: LabelStore): void {
  store.layers.forEach((labels, layer) => {
    for (let value = 0; value <= 4; value++) {
      expect(store.count(layer, value)).toBe(
        labels.reduce((sum, label) => sum + (label === value ? 1 : 0), 0),
      );
    }
  });
}

test("locked labels, the paint-over rule and the gate hold for every voxel of a stroke", () => {
  fc.assert(
    fc.property(rules, brushes, position, (rule, brush, at) => {
      const start = Uint8Array.from({ length: ANISOTROPIC.size }, (_, i) => i % 5);
      const store = new LabelStore(ANISOTROPIC, 1, start);
      const edit = paint(store, rule, (stroke) => dab(stroke, brush, at));
      if (!edit) return;
      expect(rule.locked.has(rule.label)).toBe(false);
      const { indices, before } = unpackEdit(edit);
      indices.forEach((index, i) => {
        const old = before[i] as number;
        expect(rule.locked.has(old)).toBe(false);
        if (rule.over === "background") expect(old).toBe(0);
        if (rule.over instanceof Set) expect(rule.over.has(old)).toBe(true);
        if (rule.gate) {
          const shown = (rule.gate.intensities.raw[index] as number) * 2 + 10;
          expect(shown).toBeGreaterThanOrEqual(rule.gate.low);
          expect(shown).toBeLessThanOrEqual(rule.gate.high);
        }
      });
    }),
  );
});

test("a polygon fills the voxel centres inside it, in every plane", () => {
  for (const axis of [0, 1, 2] as const) {
    const store = emptyStore();
    const square = (u: number, v: number): Vec3 => {
      if (axis === 0) return [4, u, v];
      return axis === 1 ? [u, 4, v] : [u, v, 4];
    };
    const edit = paint(store, FREE, (stroke) =>
      fillPolygon(stroke, axis, [square(1.5, 1.5), square(5.5, 1.5), square(5.5, 6.5), square(1.5, 6.5)]),
    );
    expect(edit?.count).toBe(4 * 5);
  }
});

test("growing stays within connection, distance and slice", () => {
  const labels = new Uint8Array(ANISOTROPIC.size).fill(1);
  const belongs = (index: number) => labels[index] === 1;
  expect(grow(ANISOTROPIC, [5, 5, 4], { axis: 2, limitMm: Infinity, belongs }).length).toBe(24 * 20);
  expect(grow(ANISOTROPIC, [5, 5, 4], { axis: null, limitMm: Infinity, belongs }).length).toBe(
    ANISOTROPIC.size,
  );
  const near = grow(ANISOTROPIC, [5, 5, 4], { axis: null, limitMm: 3, belongs });
  for (const index of near) expect(mmBetween(voxelOf(ANISOTROPIC, index), [5, 5, 4])).toBeLessThanOrEqual(3);
  for (let y = 0; y < 20; y++) for (let z = 0; z < 9; z++) labels[12 + y * 24 + z * 480] = 0;
  expect(grow(ANISOTROPIC, [5, 5, 4], { axis: null, limitMm: Infinity, belongs }).length).toBe(12 * 20 * 9);
  expect(grow(ANISOTROPIC, [12, 5, 4], { axis: null, limitMm: Infinity, belongs }).length).toBe(0);
});

test("a new step after an undo forgets the undone steps", () => {
  const store = emptyStore();
  const history = new History(store);
  history.do(relabel(0, store.layer(0), { voxels: Uint32Array.of(1), label: CORE }), {
    name: "a",
    tool: "brush",
  });
  history.do(relabel(0, store.layer(0), { voxels: Uint32Array.of(2), label: CORE }), {
    name: "b",
    tool: "brush",
  });
  history.undo();
  history.do(relabel(0, store.layer(0), { voxels: Uint32Array.of(3), label: CORE }), {
    name: "c",
    tool: "lasso",
  });
  expect(history.steps.map((step) => step.name)).toEqual(["a", "c"]);
  expect(history.redo()).toBeNull();
});

test("statistics count what stands, not what was undone", () => {
  const store = emptyStore();
  const history = new History(store);
  history.do(relabel(0, store.layer(0), { voxels: Uint32Array.of(1, 2, 3), label: OEDEMA }), {
    name: "a",
    tool: "brush",
  });
  history.do(relabel(0, store.layer(0), { voxels: Uint32Array.of(2), label: CORE }), {
    name: "b",
    tool: "brush",
  });
  history.do(relabel(0, store.layer(0), { voxels: Uint32Array.of(9), label: CORE }), {
    name: "c",
    tool: "lasso",
  });
  history.undo();
  const { layers, tools } = summarise(history.steps, history.position);
  expect(Object.fromEntries(tools)).toEqual({ brush: 2 });
  expect(Object.fromEntries(layers.get(0)?.added ?? [])).toEqual({ [OEDEMA]: 3, [CORE]: 1 });
  expect(Object.fromEntries(layers.get(0)?.removed ?? [])).toEqual({ [OEDEMA]: 1 });
});

test("a grid of the same size but another affine is another geometry", () => {
  const moved = makeGrid(
    [24, 20, 9],
    [
      [0.5, 0, 0, -3],
      [0, 1, 0, 4.2],
      [0, 0, 3, 1],
      [0, 0, 0, 1],
    ],
  );
  expect(sameGeometry(ANISOTROPIC, moved)).toBe(false);
  expect(sameGeometry(ANISOTROPIC, ANISOTROPIC)).toBe(true);
});
