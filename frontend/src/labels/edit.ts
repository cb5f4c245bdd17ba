/**
 * An edit is a value: which voxels of one layer, their labels before and after. It is packed as runs of neighbouring
 * voxels with equal labels; history, journal and worker pass it on so, and labels are written run by run: a step of
 * millions of voxels is done and undone without a list of them.
 */
import { readVarint, withRoom, writeVarint } from "./varint";

/** An edit in at most 6 bytes per voxel, usually far less. */
export interface PackedEdit {
  readonly layer: number;
  /** How many voxels change. */
  readonly count: number;
  /** "runs": gap since the last run's end and length − 1 as varints, before, after. "plain": indices, before, after. */
  readonly form: "runs" | "plain";
  readonly bytes: Uint8Array;
  /** True when `bytes` are deflated besides, as of old steps; false when that was tried and made nothing smaller. */
  readonly deflated?: boolean;
}

/** Neighbouring voxels (indices `start` to `start + length − 1`) that had one label and get another. */
export interface Run {
  start: number;
  length: number;
  before: number;
  after: number;
}

/** Most bytes of a packed run: two varints of five bytes, two labels. */
const RUN_BYTES = 12;

/** Packs voxels that are added in ascending order. */
export class EditPacker {
  #bytes = new Uint8Array(1 << 12);
  #length = 0;
  /** Behind the last packed run. */
  #end = 0;
  #count = 0;
  readonly #run: Run = { start: 0, length: 0, before: 0, after: 0 };

  /** Add neighbouring voxels; what follows on an equal run becomes part of it. */
  add(start: number, length: number, before: number, after: number): void {
    const run = this.#run;
    this.#count += length;
    if (run.length > 0 && start === run.start + run.length && before === run.before && after === run.after) {
      run.length += length;
      return;
    }
    this.#close();
    run.start = start;
    run.length = length;
    run.before = before;
    run.after = after;
  }

  #close(): void {
    const { start, length, before, after } = this.#run;
    if (length === 0) return;
    const bytes = withRoom(this.#bytes, this.#length, RUN_BYTES);
    let at = writeVarint(bytes, this.#length, start - this.#end);
    at = writeVarint(bytes, at, length - 1);
    bytes[at++] = before;
    bytes[at++] = after;
    this.#bytes = bytes;
    this.#length = at;
    this.#end = start + length;
  }

  /** Return the edit of a layer that was added. */
  finish(layer: number): PackedEdit {
    this.#close();
    this.#run.length = 0;
    const count = this.#count;
    const runs = { layer, count, form: "runs" as const, bytes: this.#bytes.slice(0, this.#length) };
    return runs.bytes.length <= count * 6 ? runs : plain(unpackEdit(runs));
  }
}

/** An edit voxel by voxel: indices are ascending and unique, before and after differ in each. */
export interface Edit {
  readonly layer: number;
  readonly indices: Uint32Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Pack an edit. */
export function packEdit({ layer, indices, before, after }: Edit): PackedEdit {
  const packer = new EditPacker();
  for (let n = 0; n < indices.length; n++)
    packer.add(indices[n] as number, 1, before[n] as number, after[n] as number);
  return packer.finish(layer);
}

function plain({ layer, indices, before, after }: Edit): PackedEdit {
  const bytes = new Uint8Array(indices.length * 6);
  bytes.set(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
  bytes.set(before, indices.length * 4);
  bytes.set(after, indices.length * 5);
  return { layer, count: indices.length, form: "plain", bytes };
}

/**
 * Visit the runs of an edit in ascending order; the visitor gets one object again and again. Raises an error when it
 * is deflated besides (`History.unfold` undoes that), RangeError when the bytes are not those of so many voxels.
 */
export function eachRun(edit: PackedEdit, visit: (run: Readonly<Run>) => void): void {
  if (edit.deflated) throw new Error("This step is folded away and has to be unfolded first.");
  if (edit.form === "plain") eachVoxel(edit, visit);
  else eachPackedRun(edit, visit);
}

function eachVoxel({ count, bytes }: PackedEdit, visit: (run: Readonly<Run>) => void): void {
  if (bytes.length < count * 6) throw new RangeError("The packed bytes end too early.");
  const indices = new Uint32Array(bytes.slice(0, count * 4).buffer);
  const run: Run = { start: 0, length: 1, before: 0, after: 0 };
  for (let n = 0; n < count; n++) {
    run.start = indices[n] as number;
    run.before = bytes[count * 4 + n] as number;
    run.after = bytes[count * 5 + n] as number;
    visit(run);
  }
}

function eachPackedRun({ count, bytes }: PackedEdit, visit: (run: Readonly<Run>) => void): void {
  const cursor = { at: 0 };
  const run: Run = { start: 0, length: 0, before: 0, after: 0 };
  let left = count;
  while (left > 0) {
    run.start += run.length + readVarint(bytes, cursor);
    run.length = readVarint(bytes, cursor) + 1;
    left -= run.length;
    if (left < 0 || cursor.at + 2 > bytes.length)
      throw new RangeError("The packed bytes are not those of a step.");
    run.before = bytes[cursor.at++] as number;
    run.after = bytes[cursor.at++] as number;
    visit(run);
  }
}

/** Return the voxels of an edit one by one. Raises what `eachRun` raises. */
export function unpackEdit(packed: PackedEdit): Edit {
  const { layer, count } = packed;
  const edit = {
    layer,
    indices: new Uint32Array(count),
    before: new Uint8Array(count),
    after: new Uint8Array(count),
  };
  let n = 0;
  eachRun(packed, ({ start, length, before, after }) => {
    edit.before.fill(before, n, n + length);
    edit.after.fill(after, n, n + length);
    for (let i = 0; i < length; i++) edit.indices[n++] = start + i;
  });
  return edit;
}

/** How many voxels of each label value an edit adds and removes. Background (0) is left out. */
export interface EditCounts {
  readonly added: ReadonlyMap<number, number>;
  readonly removed: ReadonlyMap<number, number>;
}

/** Count what an edit adds and removes per label value. */
export function countEdit(packed: PackedEdit): EditCounts {
  const added = new Map<number, number>();
  const removed = new Map<number, number>();
  eachRun(packed, ({ length, before, after }) => {
    if (before !== 0) removed.set(before, (removed.get(before) ?? 0) + length);
    if (after !== 0) added.set(after, (added.get(after) ?? 0) + length);
  });
  return { added, removed };
}

/** Return the edit between two states of a layer. Raises RangeError when their lengths differ. */
export function difference(layer: number, before: Uint8Array, after: Uint8Array): PackedEdit {
  if (before.length !== after.length) throw new RangeError("The two label maps have different sizes.");
  const packer = new EditPacker();
  for (let i = 0; i < before.length; i++) {
    const [from, to] = [before[i] as number, after[i] as number];
    if (from !== to) packer.add(i, 1, from, to);
  }
  return packer.finish(layer);
}

/** Return a copy of labels as they were before an edit that is in them. */
export function without(labels: Uint8Array, edit: PackedEdit): Uint8Array {
  const copy = labels.slice();
  eachRun(edit, ({ start, length, before }) => copy.fill(before, start, start + length));
  return copy;
}
