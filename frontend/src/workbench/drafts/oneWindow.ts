/** One window at a time edits an assignment. A second one asks; the first then steps back with all its work kept. */

/** What windows say to each other. */
type Message =
  | { readonly kind: "who"; readonly from: string }
  | { readonly kind: "held"; readonly to: string }
  | { readonly kind: "take"; readonly from: string }
  | { readonly kind: "released"; readonly to: string };

const ANSWER_MS = 200;
const RELEASE_MS = 3_000;

/** A window's hold on one assignment in this browser. */
export class OneWindow {
  readonly #channel: BroadcastChannel;
  readonly #name = Math.random().toString(36).slice(2);
  readonly #release: () => Promise<void>;
  #holding = false;

  /** `release` writes everything down and stops editing; it is called when another window takes over. */
  constructor(assignment: string, release: () => Promise<void>) {
    this.#release = release;
    this.#channel = new BroadcastChannel(`overread-assignment-${assignment}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => void this.#hear(data);
  }

  async #hear(message: Message): Promise<void> {
    if (message.kind === "who" && this.#holding) this.#say({ kind: "held", to: message.from });
    if (message.kind === "take" && this.#holding) {
      this.#holding = false;
      await this.#release();
      this.#say({ kind: "released", to: message.from });
    }
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }

  /** Take hold if no other window has it. Returns false when one has. */
  async claim(): Promise<boolean> {
    const held = await this.#ask({ kind: "who", from: this.#name }, "held", ANSWER_MS);
    this.#holding = !held;
    return !held;
  }

  /** Take hold from the other window, after it has written its work down (or does not answer any more). */
  async takeOver(): Promise<void> {
    await this.#ask({ kind: "take", from: this.#name }, "released", RELEASE_MS);
    this.#holding = true;
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
    this.#holding = false;
    this.#channel.close();
  }
}
