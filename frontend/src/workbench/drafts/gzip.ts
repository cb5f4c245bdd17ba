/** The wire form of labels: gzip, made and undone by the browser off the main thread. */
import { inflate } from "@/labels";

/** Return the labels as gzip. */
export function gzip(labels: Uint8Array): Promise<Blob> {
  const stream = new Blob([labels as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).blob();
}

/** Return labels as the server sent them; still gzip when a proxy left the header off. */
export async function readLabels(bytes: ArrayBuffer): Promise<Uint8Array> {
  return new Uint8Array(await inflate(bytes));
}
