/** Sends drafts to the server, one at a time, soon after a change; says at any moment where the work is. */

import { DraftConflict, type DraftReceipt, type Ending, endingIn } from "@/api/assignment";
import { ApiError, OfflineError } from "@/api/client";
import { Cell } from "../cell";

/** Where the work is. */
export type SaveStatus =
  | { readonly kind: "saved"; readonly at: number | null }
  | { readonly kind: "kept" }
  | { readonly kind: "saving" }
  | { readonly kind: "offline" }
  | { readonly kind: "signed out" }
  | { readonly kind: "conflict" }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "ended"; readonly why: Ending }
  | { readonly kind: "failed"; readonly detail: string };

/** What the saver needs of the world. */
export interface SaverPorts {
  /** The draft as it is now; called when it is sent. */
  upload(): Promise<DraftReceipt>;
  /** The count of the last change, and of the last change that the server has. */
  revision(): number;
  uploaded(): number;
  /** Keep what the server acknowledged. */
  acknowledge(revision: number, receipt: DraftReceipt): Promise<void>;
}

const QUIET_MS = 2_000;
const LONGEST_WAIT_MS = 8_000;
const RETRY_MS = [2_000, 5_000, 10_000, 20_000, 30_000] as const;

/** Kinds of status that do not end by themselves. */
const STOPPED = new Set<SaveStatus["kind"]>(["conflict", "elsewhere", "ended", "signed out"]);

export class Saver {
  readonly status: Cell<SaveStatus>;
  readonly #ports: SaverPorts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #oldest: number | null = null;
  #running: Promise<void> | null = null;
  #failures = 0;
  #closed = false;

  constructor(ports: SaverPorts, savedAt: number | null) {
    this.#ports = ports;
    this.status = new Cell<SaveStatus>({ kind: "saved", at: savedAt });
    if (this.#behind) this.touch();
  }

  /** True when nothing more is sent from here until a person or another window has decided something. */
  get isStopped(): boolean {
    return STOPPED.has(this.status.get().kind);
  }

  get #behind(): boolean {
    return this.#ports.revision() !== this.#ports.uploaded();
  }

  /** Something changed and is kept in the browser: send it soon, at the latest after some seconds. */
  touch(): void {
    if (this.#closed || this.isStopped) return;
    const now = Date.now();
    this.#oldest ??= now;
    if (this.status.get().kind === "saved") this.status.set({ kind: "kept" });
    const wait = Math.max(0, Math.min(QUIET_MS, this.#oldest + LONGEST_WAIT_MS - now));
    this.#schedule(wait);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), ms);
  }

  /** Send now what the server has not seen. Resolves when it was tried; look at `status` for how it went. */
  run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#send().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    while (!this.#closed && this.#behind) {
      const revision = this.#ports.revision();
      this.#oldest = null;
      this.status.set({ kind: "saving" });
      try {
        const receipt = await this.#ports.upload();
        await this.#ports.acknowledge(revision, receipt);
        if (this.#closed) return; // meanwhile another window took over, or the case was left
        this.#failures = 0;
        this.status.set({ kind: "saved", at: Date.now() });
      } catch (error) {
        if (!this.#closed) this.#fail(error);
        return;
      }
    }
    const { kind } = this.status.get();
    if (kind === "kept" || kind === "offline" || kind === "failed")
      this.status.set({ kind: "saved", at: null });
  }

  #fail(error: unknown): void {
    const wait = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)] ?? 30_000;
    if (error instanceof DraftConflict) {
      this.status.set({ kind: "conflict" });
      return;
    }
    const why = endingIn(error);
    if (why) {
      this.status.set({ kind: "ended", why });
      return;
    }
    if (error instanceof ApiError && error.signedOut) {
      this.status.set({ kind: "signed out" });
      return;
    }
    if (error instanceof OfflineError || (error instanceof ApiError && error.status >= 500)) {
      this.status.set({ kind: "offline" });
    } else {
      this.status.set({ kind: "failed", detail: error instanceof Error ? error.message : String(error) });
    }
    this.#schedule(wait);
  }

  /** Go on after a person signed in again, settled a conflict, or came back to this window. */
  resume(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#failures = 0;
    if (this.isStopped) this.status.set({ kind: "kept" });
    return this.run();
  }

  /** Stop sending for good: another window has taken over, and a save from here would be a second version. */
  yieldToOther(): void {
    this.close();
    this.status.set({ kind: "elsewhere" });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
