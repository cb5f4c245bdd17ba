import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Connectivity,
  classTable,
  componentAt,
  componentSizes,
  findComponents,
  findLesions,
  makeGrid,
  type Vec3,
  voxelOf,
  voxelsOf,
} from "@/labels";

const SHAPE: Vec3 = [7, 5, 4];
const GRID = makeGrid(SHAPE, [
  [0.5, 0, 0, -3],
  [0, 1, 0, 4],
  [0, 0, 3, 1],
  [0, 0, 0, 1],
]);
const masks = fc.uint8Array({ minLength: GRID.size, maxLength: GRID.size, max: 3 });
const sparse = masks.map((mask) => mask.map((value) => (value === 3 ? 0 : value)));
const connectivities = fc.constantFrom<Connectivity[]>(6, 18, 26);

/** The components by flooding from every voxel: slow and plain. */
function flood(
  labels: Uint8Array,
  connectivity: Connectivity,
  classOf: (value: number) => number,
): number[][] {
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let start = 0; start < labels.length; start++) {
    if (classOf(labels[start] as number) === 0 || seen.has(start)) continue;
    const part = [start];
    seen.add(start);
    for (const index of part) {
      for (let other = 0; other < labels.length; other++) {
        if (seen.has(other) || classOf(labels[other] as number) !== classOf(labels[index] as number))
          continue;
        if (!touch(voxelOf(GRID, index), voxelOf(GRID, other), connectivity)) continue;
        seen.add(other);
        part.push(other);
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}

function touch(a: Vec3, b: Vec3, connectivity: Connectivity): boolean {
  const steps = a.map((value, axis) => Math.abs(value - (b[axis] as number)));
  const changed = steps.filter((step) => step > 0).length;
  return Math.max(...steps) === 1 && changed <= { 6: 1, 18: 2, 26: 3 }[connectivity];
}

test("components are those that flooding finds, for every connectivity, joined or per label", () => {
  fc.assert(
    fc.property(fc.oneof(masks, sparse), connectivities, fc.boolean(), (labels, connectivity, separate) => {
      const classOf = classTable([1, 2], { separate });
      const found = findComponents(labels, SHAPE, { classOf, connectivity });
      const expected = flood(labels, connectivity, (value) => classOf[value] as number);
      const parts = Array.from({ length: found.count }, (_, n) => [
        ...voxelsOf(found, (component) => component === n),
      ]);
      expect(parts).toEqual(expected);
      expect([...componentSizes(found)]).toEqual(expected.map((part) => part.length));
      for (let index = 0; index < labels.length; index++)
        expect(componentAt(found, index)).toBe(expected.findIndex((part) => part.includes(index)));
    }),
    { numRuns: 60 },
  );
});

test("a lesion's volume, box, centroid and largest diameter agree with sums over its voxels", () => {
  fc.assert(
    fc.property(fc.oneof(masks, sparse), connectivities, fc.boolean(), (labels, connectivity, separate) => {
      const lesions = findLesions(GRID, labels, { values: [1, 2], separate, connectivity });
      const classOf = classTable([1, 2], { separate });
      const parts = flood(labels, connectivity, (value) => classOf[value] as number);
      expect(lesions.map(({ voxels }) => voxels)).toEqual(
        parts.map((part) => part.length).sort((a, b) => b - a),
      );
      for (const lesion of lesions) {
        const index = lesion.inside[0] + lesion.inside[1] * 7 + lesion.inside[2] * 35;
        const part = (parts.find((each) => each.includes(index)) ?? []).map((i) => voxelOf(GRID, i));
        expect(part).toHaveLength(lesion.voxels);
        expect(lesion.label).toBe(separate ? labels[index] : 0);
        expect(lesion.volumeMl).toBeCloseTo((part.length * 0.5 * 1 * 3) / 1000, 12);
        for (const axis of [0, 1, 2] as const) {
          const places = part.map((voxel) => voxel[axis]);
          expect(lesion.box.low[axis]).toBe(Math.min(...places));
          expect(lesion.box.high[axis]).toBe(Math.max(...places));
          expect(lesion.centroid[axis]).toBeCloseTo(places.reduce((a, b) => a + b) / places.length, 9);
        }
        expect(lesion.diameter.mm).toBeCloseTo(farthest(part), 9);
        const [a, b] = lesion.diameter.ends;
        expect(mm(a, b)).toBeCloseTo(lesion.diameter.mm, 9);
        const nearest = Math.min(...part.map((voxel) => mm(voxel, lesion.centroid)));
        expect(mm(lesion.inside, lesion.centroid)).toBeCloseTo(nearest, 9);
      }
    }),
    { numRuns: 60 },
  );
});

function mm(a: Vec3, b: Vec3): number {
  return Math.hypot((a[0] - b[0]) * 0.5, a[1] - b[1], (a[2] - b[2]) * 3);
}

function farthest(part: readonly Vec3[]): number {
  return Math.max(...part.flatMap((a) => part.map((b) => mm(a, b))));
}

test("an empty mask has no lesion, a full one has one as large as the image", () => {
  const query = { values: [1], separate: true, connectivity: 26 } as const;
  expect(findLesions(GRID, new Uint8Array(GRID.size), query)).toEqual([]);
  const [all, ...others] = findLesions(GRID, new Uint8Array(GRID.size).fill(1), query);
  expect(others).toEqual([]);
  expect(all?.diameter.mm).toBeCloseTo(Math.hypot(6 * 0.5, 4, 3 * 3), 12);
});
