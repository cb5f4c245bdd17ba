/** A worker for tests: it answers through the real job handlers, in this thread, with copies as a real one would. */
import type { Asked, Told } from "@/worker/jobs";

export class FakeWorker {
  onmessage: ((event: { data: Told }) => void) | null = null;
  onerror: (() => void) | null = null;
  #stopped = false;

  postMessage(asked: Asked, given: ArrayBuffer[] = []): void {
    const copy = structuredClone(asked, { transfer: given });
    setTimeout(async () => {
      const { serve } = await import("@/worker/jobs");
      await serve(copy, (told) => {
        if (!this.#stopped) this.onmessage?.({ data: structuredClone(told) });
      });
    });
  }

  terminate(): void {
    this.#stopped = true;
  }
}
