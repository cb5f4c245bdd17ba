/** The small forms of edits and label maps, and what an edit does to labels. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bounds, type Box } from "@/labels/box";
import { countEdit, difference, packEdit, unpackEdit } from "@/labels/edit";
import { voxelOf } from "@/labels/grid";
import { packLabels, unpackLabels } from "@/labels/pack";
import { LabelStore } from "@/labels/store";
import { ANISOTROPIC } from "./anisotropic";

const CORE = 1;

function emptyStore(): LabelStore {
  return new LabelStore(ANISOTROPIC, 1, new Uint8Array(ANISOTROPIC.size));
}

test("packing an edit loses nothing and never takes more than 6 bytes a voxel", () => {
  const edits = fc.uniqueArray(fc.integer({ min: 0, max: 9_000_000 }), { maxLength: 300 }).chain((indices) =>
    fc.record({
      indices: fc.constant(Uint32Array.from(indices).sort()),
      before: fc.uint8Array({ minLength: indices.length, maxLength: indices.length, max: 1 }),
      after: fc.uint8Array({ minLength: indices.length, maxLength: indices.length, min: 2, max: 3 }),
      layer: fc.integer({ min: 0, max: 2 }),
    }),
  );
  fc.assert(
    fc.property(edits, (edit) => {
      const packed = packEdit(edit);
      expect(unpackEdit(packed)).toEqual(edit);
      expect(packed.bytes.length).toBeLessThanOrEqual(6 * edit.indices.length);
    }),
  );
});

test("a packed edit of which bytes are missing, or that says another number of voxels, is refused", () => {
  const packed = packEdit({
    layer: 0,
    indices: Uint32Array.of(3, 4, 5, 900),
    before: Uint8Array.of(0, 0, 0, 1),
    after: Uint8Array.of(2, 2, 2, 0),
  });
  for (let length = 0; length < packed.bytes.length; length++)
    expect(() => unpackEdit({ ...packed, bytes: packed.bytes.slice(0, length) })).toThrow(RangeError);
  expect(() => unpackEdit({ ...packed, count: 3 + 1 + 1 })).toThrow(RangeError);
  expect(() => unpackEdit({ ...packed, count: 2 })).toThrow(RangeError);
  expect(() => unpackEdit({ ...packed, deflated: true })).toThrow("unfolded");
});

test("the box of runs is the box of their voxels, also over rows and slices", () => {
  const runs = fc.array(
    fc.tuple(fc.nat(ANISOTROPIC.size - 1), fc.integer({ min: 1, max: 1200 })).map(([start, length]) => ({
      start,
      length: Math.min(length, ANISOTROPIC.size - start),
    })),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(runs, (parts) => {
      const bounds = new Bounds(ANISOTROPIC);
      const voxels = parts.flatMap(({ start, length }) => {
        bounds.include(start, length);
        return Array.from({ length }, (_, n) => voxelOf(ANISOTROPIC, start + n));
      });
      const along = (axis: 0 | 1 | 2) => voxels.map((voxel) => voxel[axis]);
      expect(bounds.box).toEqual({
        low: ([0, 1, 2] as const).map((axis) => Math.min(...along(axis))),
        high: ([0, 1, 2] as const).map((axis) => Math.max(...along(axis))),
      });
    }),
  );
});

test("packing labels loses nothing and refuses another size", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000, max: 2 }), (labels) => {
      expect(unpackLabels(packLabels(labels), labels.length)).toEqual(labels);
      expect(() => unpackLabels(packLabels(labels), labels.length + 1)).toThrow(RangeError);
    }),
  );
});

test("packing long runs loses nothing, wherever they begin and end", () => {
  const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 300 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(runs, fc.integer({ min: 0, max: 7 }), (parts, offset) => {
      const labels = Uint8Array.from(
        parts.flatMap(([value, length]) => new Array<number>(length).fill(value)),
      );
      const within = new Uint8Array(labels.length + offset);
      within.set(labels, offset);
      expect(unpackLabels(packLabels(within.subarray(offset)), labels.length)).toEqual(labels);
    }),
  );
});

test("an edit that does not fit the labels is refused and writes nothing", () => {
  const store = emptyStore();
  const wrong = packEdit({
    layer: 0,
    indices: Uint32Array.of(1, 2),
    before: Uint8Array.of(0, 3),
    after: Uint8Array.of(1, 1),
  });
  expect(() => store.apply(wrong)).toThrow(RangeError);
  expect(() => store.apply(wrong, "undo")).toThrow(RangeError);
  const beyond = packEdit({
    layer: 0,
    indices: Uint32Array.of(ANISOTROPIC.size - 1, ANISOTROPIC.size),
    before: new Uint8Array(2),
    after: Uint8Array.of(1, 1),
  });
  expect(() => store.apply(beyond)).toThrow(RangeError);
  expect(store.concatenate().some((label) => label !== 0)).toBe(false);
  expect(store.count(0, 1)).toBe(0);
});

test("difference, its counts and its box agree", () => {
  const before = new Uint8Array(ANISOTROPIC.size);
  const after = before.slice();
  after[5 + 6 * 24 + 7 * 480] = CORE;
  after[9 + 2 * 24 + 3 * 480] = CORE;
  const edit = difference(0, before, after);
  expect(countEdit(edit).added.get(CORE)).toBe(2);
  const store = new LabelStore(ANISOTROPIC, 1, before);
  const boxes: Box[] = [];
  store.subscribe(({ box }) => boxes.push(box));
  store.apply(edit);
  store.apply(edit, "undo");
  const box = { low: [5, 2, 3], high: [9, 6, 7] };
  expect(boxes).toEqual([box, box]);
});
