/** Whole numbers in as few bytes as they need: seven bits each, the lowest first. */

/** Where reading has come to. */
export interface Cursor {
  at: number;
}

/** Write a number of at most 32 bits; return the place behind it. There must be room for five bytes. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 128) {
    bytes[place++] = (rest & 127) | 128;
    rest = rest >>> 7;
  }
  bytes[place++] = rest;
  return place;
}

/** Read a number and go behind it. Raises RangeError where the bytes end within it. */
export function readVarint(bytes: Uint8Array, cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new RangeError("The packed bytes end too early.");
    value |= (byte & 127) << shift;
    if (byte < 128) return value >>> 0;
  }
}

/** Return the bytes, or a copy with twice the room where fewer than so many are left behind `length`. */
export function withRoom(
  bytes: Uint8Array<ArrayBuffer>,
  length: number,
  room: number,
): Uint8Array<ArrayBuffer> {
  if (length + room <= bytes.length) return bytes;
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
