/** A small lossless form of label maps, for the browser's store and on the way to the worker. */
import { readVarint, withRoom, writeVarint } from "./varint";

/** Pack a label map as (label, run length) pairs: a full mask takes some 10 to 100 kB. */
export function packLabels(labels: Uint8Array): Uint8Array {
  const words =
    labels.byteOffset % 4 === 0 ? new Int32Array(labels.buffer, labels.byteOffset, labels.length >> 2) : null;
  let bytes = new Uint8Array(1 << 14);
  let length = 0;
  for (let i = 0; i < labels.length; ) {
    const value = labels[i] as number;
    const end = runEnd(labels, words, i);
    bytes = withRoom(bytes, length, 8);
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
