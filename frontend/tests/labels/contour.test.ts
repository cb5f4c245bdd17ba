import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Contour, contoursOf, makeGrid, outlinesOf, sliceAt } from "@/labels";

const GRID = makeGrid(
  [4, 5, 6],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);

/** Twice the area that a line encloses; positive when it runs counter-clockwise. */
function areaOf(line: Contour): number {
  let sum = 0;
  for (let n = 0; n < line.length; n += 2) {
    const [x, y] = [line[n] as number, line[n + 1] as number];
    const [u, v] = [line[(n + 2) % line.length] as number, line[(n + 3) % line.length] as number];
    sum += x * v - u * y;
  }
  return sum / 2;
}

const slice = (width: number, values: readonly number[]) => ({
  width,
  height: values.length / width,
  values: Float32Array.from(values),
});

test.each([0, 1, 2] as const)("a slice across axis %i has the voxels of that plane in order", (axis) => {
  const volume = Float32Array.from({ length: GRID.size }, (_, n) => n);
  const { width, height, values } = sliceAt(GRID, volume, { axis, at: 2 });
  const [u, v] = ([0, 1, 2] as const).filter((each) => each !== axis) as [0 | 1 | 2, 0 | 1 | 2];
  expect([width, height]).toEqual([GRID.shape[u], GRID.shape[v]]);
  const voxel = [0, 0, 0];
  voxel[axis] = 2;
  voxel[u] = 1;
  voxel[v] = 3;
  const [x, y, z] = voxel as [number, number, number];
  expect(values[1 + 3 * width]).toBe(x + 4 * y + 20 * z);
});

describe("the lines around a level", () => {
  test("one voxel gets a diamond half a voxel wide to each side", () => {
    const [line, ...others] = contoursOf(slice(3, [0, 0, 0, 0, 1, 0, 0, 0, 0]), 0.5);
    expect(others).toHaveLength(0);
    expect(areaOf(line as Contour)).toBeCloseTo(0.5);
    expect(Math.min(...(line as Contour))).toBeCloseTo(0.5);
  });

  test("a hole has a line of its own that runs the other way", () => {
    const lines = contoursOf(
      slice(5, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
      0.5,
    );
    expect(lines.map((line) => Math.sign(areaOf(line))).sort()).toEqual([-1, 1]);
  });

  test("a line lies where the value is reached between two voxels, also at the border of the slice", () => {
    const [line] = contoursOf(slice(1, [0.8]), 0.2);
    expect(Math.max(...(line as Contour))).toBeCloseTo(0.75);
  });

  test("nothing at the level has no line", () => {
    expect(contoursOf(slice(2, [0.1, 0.2, 0.3, 0.4]), 0.5)).toEqual([]);
  });

  test("any slice gives closed lines whose area is nearly that of the voxels", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 49, maxLength: 49 }), (values) => {
        const lines = contoursOf(slice(7, values), 0.5);
        const voxels = values.reduce((sum, value) => sum + value, 0);
        const area = lines.reduce((sum, line) => sum + areaOf(line), 0);
        expect(lines.every((line) => line.length >= 8)).toBe(true);
        // Every voxel loses at most its four corners, an eighth of a voxel each; joined ones fill some in.
        expect(area).toBeGreaterThanOrEqual(voxels / 2 - 1e-6);
        expect(area).toBeLessThanOrEqual(voxels * 1.5 + 1e-6);
      }),
    );
  });
});

test("labels of a slice are outlined as each would be alone", () => {
  const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 42, maxLength: 42 });
  fc.assert(
    fc.property(labels, (values) => {
      const found = outlinesOf(slice(7, values));
      expect(new Set(found.map(({ value }) => value))).toEqual(new Set(values.filter((value) => value > 0)));
      for (const { value, lines } of found) {
        const alone = slice(
          7,
          values.map((each) => (each === value ? 1 : 0)),
        );
        expect(lines).toEqual(contoursOf(alone, 0.5));
      }
    }),
  );
});
