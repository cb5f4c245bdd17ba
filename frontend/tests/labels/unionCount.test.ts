import fc from "fast-check";
import { expect, test } from "vitest";
import { LabelStore, makeGrid, UnionCount } from "@/labels";
import { relabel } from "./relabel";

const GRID = makeGrid(
  [6, 5, 4],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);

test("after any edits the union counts what a fresh count would", () => {
  const edit = fc.record({
    layer: fc.integer({ min: 0, max: 1 }),
    label: fc.integer({ min: 0, max: 3 }),
    voxels: fc.uniqueArray(fc.integer({ min: 0, max: GRID.size - 1 }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 240, maxLength: 240, max: 3 }), fc.array(edit), (start, edits) => {
      const store = new LabelStore(GRID, 2, start);
      const union = new UnionCount(store, [
        { layer: 0, value: 1 },
        { layer: 0, value: 2 },
        { layer: 1, value: 3 },
      ]);
      for (const { layer, label, voxels } of edits) {
        store.apply(relabel(layer, store.layer(layer), { voxels: Uint32Array.from(voxels), label }));
      }
      const [first, second] = store.layers as [Uint8Array, Uint8Array];
      const counted = first.filter((value, n) => value === 1 || value === 2 || second[n] === 3).length;
      expect(union.count).toBe(counted);
    }),
  );
});
