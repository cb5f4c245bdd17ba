/** One window at a time edits an assignment. A second one asks; the first then steps back with all its work kept. */

/** What windows say to each other. */
type Message =
  | { readonly kind: "who"; readonly from: string; readonly since: number }
  | { readonly kind: "held"; readonly to: string }
  | { readonly kind: "take"; readonly from: string; readonly at: number }
  | { readonly kind: "mine" }
  | { readonly kind: "released"; readonly to: string };

const ANSWER_MS = 200;
const RELEASE_MS = 3_000;

/** A window's hold on one assignment in this browser. */
export class OneWindow {
  readonly #channel: BroadcastChannel;
  readonly #name = Math.random().toString(36).slice(2);
  readonly #release: (heard: "in time" | "late") => Promise<void>;
  #holding = false;
  /** While it writes down and sends its work for a window that asked, and may not be waited for any more. */
  #releasing = false;
  #closed = false;
  /** When this window began to ask, while it asks. */
  #asksSince: number | null = null;

  /**
   * `release` stops editing; it is called when another window takes over. Heard in time, it writes everything down
   * first. A window that was asleep hears it late: the other one did not wait, and nothing may be written any more.
   * One that took too long is told so by a second call, "late", while the first goes on.
   */
  constructor(assignment: string, release: (heard: "in time" | "late") => Promise<void>) {
    this.#release = release;
    this.#channel = new BroadcastChannel(`overread-assignment-${assignment}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => void this.#hear(data);
  }

  async #hear(message: Message): Promise<void> {
    if (message.kind === "who" && (this.#holding || this.#askedBefore(message))) {
      this.#say({ kind: "held", to: message.from });
    }
    if (message.kind === "mine" && (this.#holding || this.#releasing)) {
      this.#holding = false;
      await this.#release("late");
    }
    if (message.kind === "take" && this.#holding) {
      this.#holding = false;
      this.#releasing = true;
      await this.#release(Date.now() - message.at < RELEASE_MS ? "in time" : "late");
      this.#releasing = false;
      this.#say({ kind: "released", to: message.from });
    }
  }

  /** Of two windows that ask at the same moment, as when a browser opens its tabs again, the first gets it. */
  #askedBefore({ from, since }: Message & { kind: "who" }): boolean {
    if (this.#asksSince === null) return false;
    return this.#asksSince === since ? this.#name < from : this.#asksSince < since;
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }

  /** Take hold if no other window has it. Returns false when one has. */
  async claim(): Promise<boolean> {
    const since = Date.now();
    this.#asksSince = since;
    const held = await this.#ask({ kind: "who", from: this.#name, since }, "held", ANSWER_MS);
    this.#asksSince = null;
    if (!held) this.#hold();
    return !held;
  }

  /** Take hold from the other window, after it has written its work down (or does not answer any more). */
  async takeOver(): Promise<void> {
    await this.#ask({ kind: "take", from: this.#name, at: Date.now() }, "released", RELEASE_MS);
    this.#hold();
  }

  /** Tell a window that holds it and was asleep when it was asked. */
  #hold(): void {
    if (this.#closed) return;
    this.#holding = true;
    this.#say({ kind: "mine" });
  }

  #ask(message: Message, answer: "held" | "released", ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (heard: boolean) => {
        clearTimeout(timer);
        this.#channel.removeEventListener("message", listen);
        resolve(heard);
      };
      const listen = ({ data }: MessageEvent<Message>) => {
        if (data.kind === answer && "to" in data && data.to === this.#name) finish(true);
      };
      const timer = setTimeout(() => finish(false), ms);
      this.#channel.addEventListener("message", listen);
      this.#say(message);
    });
  }

  close(): void {
    this.#closed = true;
    this.#holding = false;
    this.#channel.close();
  }
}
