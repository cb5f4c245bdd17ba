/** A value computed from the labels beside the page, made anew a moment after they change while somebody looks at it. */
import { Cell } from "./cell";

/** What is known so far. An old value stays until the new one is there. */
export interface Followed<T> {
  readonly value: T | null;
  readonly isWorking: boolean;
  readonly error: string | null;
}

/** Computes only while it is watched, one computation at a time. */
export class Follower<T> {
  readonly state = new Cell<Followed<T>>({ value: null, isWorking: false, error: null });
  readonly #compute: () => Promise<T>;
  readonly #delayMs: number;
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Something changed since the last computation began. */
  #isStale = true;

  /** `delayMs` after the last change the value is computed. */
  constructor(compute: () => Promise<T>, delayMs: number) {
    this.#compute = compute;
    this.#delayMs = delayMs;
  }

  /** Tell that what it is computed from has changed. */
  readonly changed = (): void => {
    this.#isStale = true;
    if (this.#watchers === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), this.#delayMs);
  };

  /** Keep the value up to date until the returned function is called. */
  readonly watch = (): (() => void) => {
    this.#watchers++;
    void this.#run();
    return () => {
      this.#watchers--;
      if (this.#watchers === 0) clearTimeout(this.#timer);
    };
  };

  async #run(): Promise<void> {
    if (!this.#isStale || this.#watchers === 0 || this.state.get().isWorking) return;
    this.#isStale = false;
    this.state.patch({ isWorking: true });
    try {
      this.state.set({ value: await this.#compute(), isWorking: false, error: null });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.state.patch({ isWorking: false, error: words });
      return;
    }
    if (this.#isStale) this.changed();
  }
}
