import "fake-indexeddb/auto";
import { Blob as NodeBlob } from "node:buffer";
import { vi } from "vitest";
import { FakeWorker } from "./fakeWorker";

/** How long is waited for what must come, ms: a busy machine takes its time. */
const PATIENCE = 10_000;
const { waitFor } = vi;
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === "number" ? options : { timeout: PATIENCE, ...options });

/** jsdom has no matchMedia and no ResizeObserver, which the component library asks for. */
class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
if (typeof window !== "undefined") {
  const { configure } = await import("@testing-library/react");
  configure({ asyncUtilTimeout: PATIENCE });
  // jsdom scrolls nothing.
  Element.prototype.scrollIntoView ??= () => undefined;
  window.matchMedia ??= (query: string) =>
    ({
      matches: false,
      media: query,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      dispatchEvent: () => false,
    }) as MediaQueryList;
}

// jsdom's Blob cannot be streamed, which compressing a draft needs.
Object.defineProperty(globalThis, "Blob", { value: NodeBlob, writable: true, configurable: true });

// jsdom has no workers.
Object.defineProperty(globalThis, "Worker", { value: FakeWorker, writable: true, configurable: true });
