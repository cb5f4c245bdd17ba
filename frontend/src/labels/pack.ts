/** Small lossless forms of edits and label maps, for history in memory and drafts in the browser's store. */
import type { Edit } from "./edit";

/** An edit in at most 6 bytes per voxel: runs of neighbouring voxels with equal labels where that is shorter. */
export interface PackedEdit {
  readonly layer: number;
  readonly count: number;
  readonly form: "runs" | "plain";
  readonly bytes: Uint8Array;
  /** True when `bytes` are deflated besides, as of old steps; false when that was tried and made nothing smaller. */
  readonly deflated?: boolean;
}

const TOO_EARLY = "The packed bytes end too early.";

/** Pack an edit. Each run is (gap since the last run's end, length − 1) as varints, then before and after. */
export function packEdit(edit: Edit): PackedEdit {
  const { layer, indices } = edit;
  const limit = indices.length * 6;
  const runs = packRuns(edit, limit);
  if (runs) return { layer, count: indices.length, form: "runs", bytes: runs };
  const bytes = new Uint8Array(limit);
  bytes.set(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
  bytes.set(edit.before, indices.length * 4);
  bytes.set(edit.after, indices.length * 5);
  return { layer, count: indices.length, form: "plain", bytes };
}

function packRuns({ indices, before, after }: Edit, limit: number): Uint8Array | null {
  const bytes = new Uint8Array(limit + 16);
  let length = 0;
  let next = 0;
  for (let i = 0; i < indices.length; ) {
    const start = indices[i] as number;
    let end = i + 1;
    while (
      end < indices.length &&
      indices[end] === start + (end - i) &&
      before[end] === before[i] &&
      after[end] === after[i]
    ) {
      end++;
    }
    length = writeVarint(bytes, length, start - next);
    length = writeVarint(bytes, length, end - i - 1);
    bytes[length++] = before[i] as number;
    bytes[length++] = after[i] as number;
    if (length > limit) return null;
    next = start + (end - i);
    i = end;
  }
  return bytes.slice(0, length);
}

/**
 * Return the edit that was packed. Raises an error when it is deflated besides (`History.unfold` undoes that), RangeError
 * when bytes are missing.
 */
export function unpackEdit({ layer, count, form, bytes, deflated }: PackedEdit): Edit {
  if (deflated) throw new Error("This step is folded away and has to be unfolded first.");
  if (form === "plain") {
    if (bytes.length < count * 6) throw new RangeError(TOO_EARLY);
    return {
      layer,
      indices: new Uint32Array(bytes.slice(0, count * 4).buffer),
      before: bytes.slice(count * 4, count * 5),
      after: bytes.slice(count * 5, count * 6),
    };
  }
  const edit = {
    layer,
    indices: new Uint32Array(count),
    before: new Uint8Array(count),
    after: new Uint8Array(count),
  };
  const cursor = { at: 0 };
  for (let n = 0, next = 0; n < count; ) {
    const start = next + readVarint(bytes, cursor);
    const length = readVarint(bytes, cursor) + 1;
    edit.before.fill(bytes[cursor.at++] as number, n, n + length);
    edit.after.fill(bytes[cursor.at++] as number, n, n + length);
    for (let i = 0; i < length; i++) edit.indices[n++] = start + i;
    next = start + length;
  }
  if (cursor.at > bytes.length) throw new RangeError(TOO_EARLY);
  return edit;
}

/** Pack a label map as (label, run length) pairs: a full mask takes some 10 to 100 kB. */
export function packLabels(labels: Uint8Array): Uint8Array {
  const words =
    labels.byteOffset % 4 === 0 ? new Int32Array(labels.buffer, labels.byteOffset, labels.length >> 2) : null;
  let bytes = new Uint8Array(1 << 14);
  let length = 0;
  for (let i = 0; i < labels.length; ) {
    const value = labels[i] as number;
    const end = runEnd(labels, words, i);
    if (length + 8 > bytes.length) {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    bytes[length++] = value;
    length = writeVarint(bytes, length, end - i);
    i = end;
  }
  return bytes.slice(0, length);
}

/** Return where the run of equal labels that starts here ends; four voxels at a time where the array allows it. */
function runEnd(labels: Uint8Array, words: Int32Array | null, start: number): number {
  const value = labels[start] as number;
  let end = start + 1;
  while (end % 4 !== 0 && end < labels.length && labels[end] === value) end++;
  if (words && end % 4 === 0) {
    const four = Math.imul(value, 0x01010101);
    const { length } = words;
    let word = end >> 2;
    while (word < length && words[word] === four) word++;
    end = Math.max(end, word << 2);
  }
  while (end < labels.length && labels[end] === value) end++;
  return end;
}

/** Return the label map that was packed. Raises RangeError when the bytes do not fill exactly `size` voxels. */
export function unpackLabels(bytes: Uint8Array, size: number): Uint8Array {
  const labels = new Uint8Array(size);
  const cursor = { at: 0 };
  let filled = 0;
  while (cursor.at < bytes.length) {
    const value = bytes[cursor.at++] as number;
    const length = readVarint(bytes, cursor);
    labels.fill(value, filled, filled + length);
    filled += length;
  }
  if (filled !== size) throw new RangeError(`The packed labels fill ${filled} voxels, not ${size}.`);
  return labels;
}

function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 128) {
    bytes[place++] = (rest & 127) | 128;
    rest = rest >>> 7;
  }
  bytes[place++] = rest;
  return place;
}

function readVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new RangeError(TOO_EARLY);
    value |= (byte & 127) << shift;
    if (byte < 128) return value >>> 0;
  }
}
