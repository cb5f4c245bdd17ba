/** A worker for tests: it answers through the real job handlers, in this thread, with copies, and giving away what a real one gives away. */
import type { Asked, Told } from "@/worker/jobs";

export class FakeWorker {
  onmessage: ((event: { data: Told }) => void) | null = null;
  onerror: (() => void) | null = null;
  #stopped = false;

  postMessage(asked: Asked, given: ArrayBuffer[] = []): void {
    const copy = structuredClone(asked, { transfer: given });
    setTimeout(async () => {
      const { buffersIn, serve } = await import("@/worker/jobs");
      await serve(copy, (told) => {
        const transfer = told.kind === "done" ? buffersIn(told.result) : [];
        if (!this.#stopped) this.onmessage?.({ data: structuredClone(told, { transfer }) });
      });
    });
  }

  terminate(): void {
    this.#stopped = true;
  }
}
