/** What an operation would like to change, and the part of it that the person's rule lets through. */

import { EditPacker, eachRun, type PackedEdit } from "./edit";
import type { Grid } from "./grid";
import { isChosen, type PaintRule, passes, rawGates } from "./rule";

/** New labels for some voxels of one layer; `indices` ascend. */
export interface Proposal {
  readonly indices: Uint32Array;
  readonly after: Uint8Array;
}

/** One layer of labels on its grid: what operations look at. */
export interface Scene {
  readonly grid: Grid;
  readonly labels: Uint8Array;
}

/** Propose one label for all of these voxels. */
export function propose(indices: Uint32Array, label: number): Proposal {
  return { indices, after: new Uint8Array(indices.length).fill(label) };
}

/** Propose every voxel in which two label maps of the same grid differ. */
export function proposeDifference(labels: Uint8Array, wanted: Uint8Array): Proposal {
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] !== wanted[i]) count++;
  const indices = new Uint32Array(count);
  for (let i = 0, n = 0; n < count; i++) if (labels[i] !== wanted[i]) indices[n++] = i;
  return { indices, after: Uint8Array.from(indices, (index) => wanted[index] as number) };
}

/** Propose one label for every voxel of the grid that is chosen. */
export function proposeWhere(size: number, label: number, chosen: (index: number) => boolean): Proposal {
  const indices: number[] = [];
  for (let i = 0; i < size; i++) if (chosen(i)) indices.push(i);
  return propose(Uint32Array.from(indices), label);
}

/** Return what a proposal for a layer would change, leaving out voxels that have their label already. */
export function packProposal(layer: number, labels: Uint8Array, { indices, after }: Proposal): PackedEdit {
  const packer = new EditPacker();
  for (let n = 0; n < indices.length; n++) {
    const index = indices[n] as number;
    const [from, to] = [labels[index] as number, after[n] as number];
    if (from !== to) packer.add(index, 1, from, to);
  }
  return packer.finish(layer);
}

/** The edit that the rule lets through, and how many voxels it kept back. */
export interface Admitted {
  readonly edit: PackedEdit;
  readonly refused: number;
}

/**
 * Let through what the rule allows. A locked label neither loses nor gains a voxel. A label is written only over
 * what may be painted over and inside the brain limit; a voxel may be emptied wherever its label is not locked. The
 * intensity range holds for both.
 */
export function admit(wanted: PackedEdit, rule: PaintRule): Admitted {
  const gates = rawGates(rule);
  const brain = rule.limits?.brain ?? null;
  const locked = tableOf((value) => rule.locked.has(value));
  const over = tableOf((value) => isChosen(rule.over, value));
  const packer = new EditPacker();
  eachRun(wanted, ({ start, length, before, after }) => {
    const writable = after === 0 || over[before] === 1;
    if (!writable || locked[before] === 1 || locked[after] === 1) return;
    const within = after === 0 ? null : brain;
    if (gates.length === 0 && within === null) packer.add(start, length, before, after);
    else
      for (let index = start; index < start + length; index++)
        if (within?.[index] !== 0 && gates.every((gate) => passes(gate, index)))
          packer.add(index, 1, before, after);
  });
  const edit = packer.finish(wanted.layer);
  return { edit, refused: wanted.count - edit.count };
}

function tableOf(holds: (value: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => (holds(value) ? 1 : 0));
}
