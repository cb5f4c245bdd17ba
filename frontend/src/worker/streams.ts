/** Gzip and deflate by the browser's own streams. They work on the thread that asks: a worker, so that no page waits. */

/** Return the bytes as they come out of a stream of the browser's. */
export async function through(
  bytes: Uint8Array | ArrayBuffer,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const piped = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/** Deflate each of these. */
export function deflateEach(parts: readonly Uint8Array[]): Promise<Uint8Array[]> {
  return Promise.all(parts.map((part) => through(part, new CompressionStream("deflate-raw"))));
}

/** Inflate each of these. */
export function inflateEach(parts: readonly Uint8Array[]): Promise<Uint8Array[]> {
  return Promise.all(parts.map((part) => through(part, new DecompressionStream("deflate-raw"))));
}
