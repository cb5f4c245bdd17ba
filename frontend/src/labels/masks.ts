/** Operations that compare or exchange whole masks: boolean operations, swapping labels, copying a slice. */
import type { Axis } from "./grid";
import { inPlane } from "./polygon";
import { type Proposal, propose, proposeWhere, type Scene } from "./proposal";

/** How a label is combined with another mask. */
export type Combination = "union" | "intersect" | "subtract";

/** A mask as one layer of labels and the values that count as inside. */
export interface OtherMask {
  readonly labels: Uint8Array;
  readonly values: readonly number[];
}

/**
 * Combine a label with a mask made of one or more layers. Union gives the label the mask's voxels; intersect empties
 * the label outside the mask; subtract empties it inside.
 */
export function combine(
  { grid, labels }: Scene,
  { label, how, others }: { label: number; how: Combination; others: readonly OtherMask[] },
): Proposal {
  const tests = others.map((other) => {
    const table = new Uint8Array(256);
    for (const value of other.values) table[value] = 1;
    return { layer: other.labels, table };
  });
  const inside = (index: number) => tests.some(({ layer, table }) => table[layer[index] as number] === 1);
  if (how === "union") return proposeWhere(grid.size, label, (i) => labels[i] !== label && inside(i));
  const kept = how === "intersect";
  return proposeWhere(grid.size, 0, (i) => labels[i] === label && inside(i) !== kept);
}

/** Exchange two labels everywhere. */
export function swapLabels({ grid, labels }: Scene, { a, b }: { a: number; b: number }): Proposal {
  const { indices } = proposeWhere(grid.size, 0, (i) => labels[i] === a || labels[i] === b);
  return { indices, after: Uint8Array.from(indices, (index) => (labels[index] === a ? b : a)) };
}

/** Make a label in one slice what it is in another: it gains the voxels that it lacks there and loses the others. */
export function copySlice(
  { grid, labels }: Scene,
  { label, axis, from, to }: { label: number; axis: Axis; from: number; to: number },
): Proposal {
  const n = grid.shape[axis];
  if (from < 0 || to < 0 || from >= n || to >= n) return propose(new Uint32Array(0), label);
  const strides = [1, grid.shape[0], grid.shape[0] * grid.shape[1]] as const;
  const [u, v] = inPlane(axis);
  const indices: number[] = [];
  const after: number[] = [];
  for (let j = 0; j < grid.shape[v]; j++) {
    for (let i = 0; i < grid.shape[u]; i++) {
      const inPlaneIndex = i * strides[u] + j * strides[v];
      const target = to * strides[axis] + inPlaneIndex;
      const has = labels[target] === label;
      const wants = labels[from * strides[axis] + inPlaneIndex] === label;
      if (has === wants) continue;
      indices.push(target);
      after.push(wants ? label : 0);
    }
  }
  return { indices: Uint32Array.from(indices), after: Uint8Array.from(after) };
}
