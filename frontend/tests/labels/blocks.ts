/** Small random masks of blocks on an anisotropic grid, and plain ways to look at them: for tests of operations. */
import fc from "fast-check";
import { expect } from "vitest";
import {
  type Axis,
  type Connectivity,
  makeGrid,
  type Operation,
  operate,
  type Proposal,
  type Vec3,
  voxelOf,
} from "@/labels";

export const SHAPE: Vec3 = [8, 7, 5];
export const SPACING: Vec3 = [0.5, 1, 2];
export const GRID = makeGrid(SHAPE, [
  [0.5, 0, 0, -3],
  [0, 1, 0, 4],
  [0, 0, 2, 1],
  [0, 0, 0, 1],
]);
export const VOXELS = Array.from({ length: GRID.size }, (_, i) => voxelOf(GRID, i));

/** Blocks of random labels, so that there are parts, holes and surfaces. */
export const masks = fc
  .array(
    fc.record({
      low: fc.tuple(fc.nat(7), fc.nat(6), fc.nat(4)),
      size: fc.tuple(fc.nat(5), fc.nat(5), fc.nat(3)),
      label: fc.nat(3),
    }),
    { maxLength: 9 },
  )
  .map((blocks) => {
    const labels = new Uint8Array(GRID.size);
    for (const { low, size, label } of blocks) {
      VOXELS.forEach((voxel, i) => {
        const inside = voxel.every((v, a) => v >= (low[a] ?? 0) && v <= (low[a] ?? 0) + (size[a] ?? 0));
        if (inside) labels[i] = label;
      });
    }
    return labels;
  });
export const labelValues = fc.integer({ min: 1, max: 3 });
export const axes = fc.constantFrom<Axis[]>(0, 1, 2);
export const voxels = fc.tuple(fc.nat(7), fc.nat(6), fc.nat(4)) as fc.Arbitrary<[number, number, number]>;
export const connectivities = fc.constantFrom<Connectivity[]>(6, 18, 26);

export function apply(labels: Uint8Array, { indices, after }: Proposal): Uint8Array {
  const result = Uint8Array.from(labels);
  indices.forEach((index, n) => {
    if (n > 0) expect(index).toBeGreaterThan(indices[n - 1] as number);
    result[index] = after[n] as number;
  });
  return result;
}

export const run = (labels: Uint8Array, operation: Operation) =>
  apply(labels, operate({ grid: GRID, labels }, operation));

export function touching(a: Vec3, b: Vec3, connectivity: Connectivity): boolean {
  const steps = a.map((value, axis) => Math.abs(value - (b[axis] as number)));
  return (
    Math.max(...steps) === 1 && steps.filter((s) => s > 0).length <= { 6: 1, 18: 2, 26: 3 }[connectivity]
  );
}

/** Everything that is reached from the starts over voxels that hold. */
export function spread(
  starts: readonly number[],
  holds: (i: number) => boolean,
  near: (a: Vec3, b: Vec3) => boolean,
): Set<number> {
  const reached = new Set(starts.filter(holds));
  for (const index of reached) {
    VOXELS.forEach((voxel, i) => {
      if (!reached.has(i) && holds(i) && near(VOXELS[index] as Vec3, voxel)) reached.add(i);
    });
  }
  return reached;
}

export const at = ([x, y, z]: Vec3) => x + y * 8 + z * 56;
