/**
 * Gzip and deflate in a worker. The browser's own streams do the work, but on the thread that asks for it: on the
 * page they held it for a quarter of a second at every save.
 */
import { packLabels, type Squeeze } from "@/labels";
import { LabelWorker } from "@/worker";

/** One for the whole page, made with the first job and kept: cases come and go. */
const worker = new LabelWorker();

/** Return layers of labels, one after another, as gzip. They are read before this returns. */
export async function gzip(...layers: readonly Uint8Array[]): Promise<Blob> {
  const size = layers[0]?.length ?? 0;
  const bytes = await worker.run("gzip", { packed: layers.map(packLabels), size });
  return new Blob([bytes as Uint8Array<ArrayBuffer>]);
}

/** Return bytes without gzip; those that are none as they are. The array is given away. */
export function gunzip(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  return worker.run("gunzip", { bytes }, { given: [bytes] });
}

/** Return labels as the server sent them; still gzip when a proxy left the header off. */
export async function readLabels(bytes: ArrayBuffer): Promise<Uint8Array> {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  return new Uint8Array(first === 0x1f && second === 0x8b ? await gunzip(bytes) : bytes);
}

/** Fold steps of the history. */
export const foldSteps: Squeeze = (parts) => worker.run("fold", { parts });

/** Unfold steps of the history. */
export const unfoldSteps: Squeeze = (parts) => worker.run("unfold", { parts });
