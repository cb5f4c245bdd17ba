import fc from "fast-check";
import { expect, test } from "vitest";
import { makeGrid } from "@/labels";
import { NORMAL, tileAt } from "@/viewer";
import { FakeViewer } from "@/viewer/fake";
import { linearBetween } from "@/viewer/windowPreview";
import { edgeLetters } from "@/workbench/pane/overlay";

const GRID = makeGrid(
  [40, 30, 10],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 4, 0],
    [0, 0, 0, 1],
  ],
);

test("screen to voxel and back is the same place, on every plane", () => {
  const viewer = new FakeViewer(GRID);
  viewer.setPosition([11, 7, 3]);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 199 }),
      fc.integer({ min: 0, max: 199 }),
      (n, x, y) => {
        const tile = viewer.tiles()[n];
        if (!tile) throw new Error("a plane is missing");
        const voxel = tile.toVoxel(tile.rect.left + x, y);
        expect(voxel[NORMAL[tile.plane]]).toBeCloseTo(viewer.position[NORMAL[tile.plane]]);
        const [backX, backY] = tile.toScreen(voxel);
        expect(backX).toBeCloseTo(tile.rect.left + x);
        expect(backY).toBeCloseTo(y);
        expect(tileAt(viewer.tiles(), tile.rect.left + x, y)?.plane).toBe(tile.plane);
      },
    ),
  );
});

test("letters of orientation are read off the picture's own map", () => {
  const [axial, coronal, sagittal] = new FakeViewer(GRID).tiles().map(edgeLetters);
  expect(axial).toEqual({ left: "L", right: "R", top: "A", bottom: "P" });
  expect(coronal).toEqual({ left: "L", right: "R", top: "S", bottom: "I" });
  expect(sagittal).toEqual({ left: "P", right: "A", top: "S", bottom: "I" });
});

test("the preview of a window turns drawn grey values into those of the wanted window", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (part) => {
      const [drawn, wanted] = [
        [100, 900],
        [300, 500],
      ] as const;
      const value = drawn[0] + part * (drawn[1] - drawn[0]);
      const { slope, intercept } = linearBetween(drawn, wanted);
      expect(slope * part + intercept).toBeCloseTo((value - wanted[0]) / (wanted[1] - wanted[0]));
    }),
  );
});
