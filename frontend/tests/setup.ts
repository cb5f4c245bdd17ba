import "fake-indexeddb/auto";
import { Blob as NodeBlob } from "node:buffer";
import { FakeWorker } from "./fakeWorker";

/** jsdom has no matchMedia and no ResizeObserver, which the component library asks for. */
class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResize;
if (typeof window !== "undefined") {
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
