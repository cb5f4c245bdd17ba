/** An edit is a value: which voxels of one layer, their labels before and after. Undo is its inverse. */

/** Indices are ascending and unique; before and after differ in every voxel. */
export interface Edit {
  readonly layer: number;
  readonly indices: Uint32Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Return the edit that takes this one back. */
export function invert({ layer, indices, before, after }: Edit): Edit {
  return { layer, indices, before: after, after: before };
}

/** Return the edit that sets these voxels of a layer to one label, leaving out those that have it already. */
export function relabel(
  layer: number,
  labels: Uint8Array,
  { voxels, label }: { voxels: Uint32Array; label: number },
): Edit {
  const indices = Uint32Array.from(new Set(voxels))
    .filter((index) => labels[index] !== label)
    .sort();
  return {
    layer,
    indices,
    before: Uint8Array.from(indices, (index) => labels[index] ?? 0),
    after: new Uint8Array(indices.length).fill(label),
  };
}

/** Return the edit between two states of a layer. Raises RangeError when their lengths differ. */
export function difference(layer: number, before: Uint8Array, after: Uint8Array): Edit {
  if (before.length !== after.length) throw new RangeError("The two label maps have different sizes.");
  let count = 0;
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) count++;
  const edit = {
    layer,
    indices: new Uint32Array(count),
    before: new Uint8Array(count),
    after: new Uint8Array(count),
  };
  for (let i = 0, n = 0; n < count; i++) {
    if (before[i] === after[i]) continue;
    edit.indices[n] = i;
    edit.before[n] = before[i] as number;
    edit.after[n++] = after[i] as number;
  }
  return edit;
}

/** How many voxels of each label value an edit adds and removes. Background (0) is left out. */
export interface EditCounts {
  readonly added: ReadonlyMap<number, number>;
  readonly removed: ReadonlyMap<number, number>;
}

/** Count what an edit adds and removes per label value. */
export function countEdit({ before, after }: Edit): EditCounts {
  return { added: tally(after), removed: tally(before) };
}

function tally(values: Uint8Array): Map<number, number> {
  const counts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++)
    counts[values[i] as number] = (counts[values[i] as number] as number) + 1;
  const found = new Map<number, number>();
  for (let value = 1; value < 256; value++) if (counts[value]) found.set(value, counts[value] as number);
  return found;
}
