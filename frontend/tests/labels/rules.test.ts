import fc from "fast-check";
import { expect, test } from "vitest";
import {
  admit,
  History,
  LabelStore,
  operate,
  type PaintRule,
  packProposal,
  Stroke,
  unpackEdit,
} from "@/labels";
import { apply, axes, connectivities, GRID, labelValues, masks, voxels } from "./blocks";

const rules = fc.record({
  label: fc.nat(3),
  over: fc.oneof(
    fc.constantFrom<("everything" | "background")[]>("everything", "background"),
    fc.subarray([0, 1, 2, 3]).map((values) => new Set(values)),
  ),
  locked: fc.subarray([1, 2, 3]).map((values) => new Set(values)),
  gate: fc.constant(null),
  limits: fc.record({
    range: fc.option(
      fc.tuple(fc.nat(99), fc.nat(99)).map(([low, high]) => ({
        intensities: {
          raw: Int16Array.from({ length: GRID.size }, (_, i) => (i * 37) % 100),
          slope: -2,
          intercept: 200,
        },
        low: 2 * Math.min(low, high),
        high: 2 * Math.max(low, high),
      })),
    ),
    brain: fc.option(fc.uint8Array({ minLength: GRID.size, maxLength: GRID.size, max: 1 })),
  }),
});

test("a locked label, the paint-over rule, the range and the brain limit hold for every operation", () => {
  fc.assert(
    fc.property(masks, masks, rules, (labels, wanted, rule: PaintRule) => {
      const indices = Uint32Array.from({ length: GRID.size }, (_, i) => i);
      const { edit, refused } = admit(packProposal(0, labels, { indices, after: wanted }), rule);
      const admitted = unpackEdit(edit);
      const result = apply(labels, admitted);
      let kept = 0;
      labels.forEach((old, i) => {
        const next = wanted[i] as number;
        const shown = ((i * 37) % 100) * -2 + 200;
        const range = rule.limits?.range;
        const allowed =
          !rule.locked.has(old) &&
          !rule.locked.has(next) &&
          (!range || (shown >= range.low && shown <= range.high)) &&
          (next === 0 ||
            ((rule.over === "everything" || (rule.over === "background" ? old === 0 : rule.over.has(old))) &&
              rule.limits?.brain?.[i] !== 0));
        expect(result[i]).toBe(allowed ? next : old);
        if (!allowed && old !== next) kept++;
      });
      expect(refused).toBe(kept);
      expect([...admitted.before]).toEqual(Array.from(admitted.indices, (index) => labels[index]));
    }),
    { numRuns: 100 },
  );
});

test("a stroke keeps to the same rules", () => {
  fc.assert(
    fc.property(masks, rules, (labels, rule: PaintRule) => {
      const store = new LabelStore(GRID, 1, labels);
      const stroke = new Stroke(store, 0, rule);
      stroke.paintRun(0, GRID.size - 1);
      const indices = Uint32Array.from({ length: GRID.size }, (_, i) => i);
      // An eraser's paint-over says what it may take; an operation may empty every label that is not locked.
      const wanted = { indices, after: new Uint8Array(GRID.size).fill(rule.label) };
      const over = rule.label === 0 && rule.over !== "everything" ? rule.over : null;
      const { edit } = admit(packProposal(0, labels, wanted), rule);
      const expected = apply(labels, unpackEdit(edit));
      labels.forEach((old, i) => {
        const spared = over !== null && (over === "background" ? old !== 0 : !over.has(old));
        expect(store.layer(0)[i]).toBe(spared ? old : expected[i]);
      });
    }),
    { numRuns: 100 },
  );
});

const operations = fc.oneof(
  fc.record({ kind: fc.constant<"margin">("margin"), label: labelValues, mm: fc.constantFrom(-1, 1, 2) }),
  fc.record({
    kind: fc.constant<"smooth">("smooth"),
    label: labelValues,
    by: fc.constantFrom<("gaussian" | "median")[]>("gaussian", "median"),
    mm: fc.constant(1),
  }),
  fc.record({ kind: fc.constant<"swap">("swap"), a: labelValues, b: labelValues }),
  fc.record({
    kind: fc.constant<"fill holes">("fill holes"),
    label: labelValues,
    axis: fc.option(axes),
    slice: fc.constant(null),
    inside: fc.constant<"any label">("any label"),
  }),
  fc.record({
    kind: fc.constantFrom<("keep part" | "relabel part")[]>("keep part", "relabel part"),
    label: labelValues,
    voxel: voxels,
    connectivity: connectivities,
  }),
  fc.record({
    kind: fc.constant<"revert">("revert"),
    given: masks,
    where: axes.map((axis) => ({ kind: "slice" as const, axis, slice: 2 })),
  }),
);

test("any sequence of operations under any rules, then undo all, is the start; redo all is the end", () => {
  const steps = fc.array(fc.record({ operation: operations, rule: rules }), { maxLength: 8 });
  fc.assert(
    fc.property(masks, steps, (start, sequence) => {
      const store = new LabelStore(GRID, 1, start);
      const history = new History(store);
      for (const { operation, rule } of sequence) {
        const labels = store.layer(0);
        const { edit } = admit(packProposal(0, labels, operate({ grid: GRID, labels }, operation)), rule);
        const before = Uint8Array.from(labels);
        history.do(edit, { name: operation.kind, tool: operation.kind });
        for (const value of rule.locked)
          before.forEach((old, i) => {
            expect(old === value).toBe(labels[i] === value);
          });
      }
      const changed = history.steps.reduce((sum, step) => sum + step.edit.count, 0);
      expect(history.bytes).toBeLessThanOrEqual(6 * changed + 1024 * sequence.length);
      const end = Uint8Array.from(store.layer(0));
      history.goTo(0);
      expect(store.layer(0)).toEqual(start);
      history.goTo(sequence.length);
      expect(store.layer(0)).toEqual(end);
    }),
    { numRuns: 40 },
  );
});
