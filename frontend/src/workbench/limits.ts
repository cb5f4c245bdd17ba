/** The limits that a person sets for all tools of a case: an intensity range of one sequence, and the brain. */
import type { Grid, Limits } from "@/labels";
import type { LabelWorker } from "@/worker";
import { Cell } from "./cell";
import type { Images } from "./images";

/** An intensity range of one sequence, in its displayed units. */
export interface Range {
  readonly sequence: string;
  readonly low: number;
  readonly high: number;
}

/** How the brain limit stands. */
export type BrainLimit =
  | { readonly kind: "off" }
  | { readonly kind: "looking" }
  | { readonly kind: "on"; readonly sequence: string; readonly mask: Uint8Array };

/** Brains are seen best in these, the first best. */
const BEST_FOR_BRAIN = ["T1c", "T1", "T2", "FLAIR"];

export class DrawingLimits {
  readonly range = new Cell<Range | null>(null);
  readonly brain = new Cell<BrainLimit>({ kind: "off" });
  readonly #images: Images;
  readonly #grid: Grid;
  readonly #worker: LabelWorker;
  #found: Extract<BrainLimit, { kind: "on" }> | null = null;

  constructor({ images, grid, worker }: { images: Images; grid: Grid; worker: LabelWorker }) {
    this.#images = images;
    this.#grid = grid;
    this.#worker = worker;
  }

  /** Return the limits as they are now, or why they cannot be used yet. */
  current(): Limits | string {
    const brain = this.brain.get();
    if (brain.kind === "looking") return "The brain is still being found. Wait, or turn its limit off.";
    const range = this.range.get();
    const intensities = range && this.#images.intensities(range.sequence);
    if (range && !intensities) return `${range.sequence} is still loading, and the range needs it.`;
    return {
      range: range && intensities ? { intensities, low: range.low, high: range.high } : null,
      brain: brain.kind === "on" ? brain.mask : null,
    };
  }

  /** Turn the brain limit on or off. The mask is found once a case. Raises an error in plain words when that fails. */
  async limitToBrain(wanted: boolean): Promise<void> {
    if (!wanted || this.#found) {
      this.brain.set(wanted && this.#found ? this.#found : { kind: "off" });
      return;
    }
    const source = this.#sourceOfBrain();
    if (!source) throw new Error("No sequence is loaded yet. Try again in a moment.");
    this.brain.set({ kind: "looking" });
    try {
      const { raw } = source.picture.intensities;
      const mask = await this.#worker.run("brain", { grid: this.#grid, raw });
      this.#found = { kind: "on", sequence: source.info.sequence, mask };
      if (this.brain.get().kind === "looking") this.brain.set(this.#found);
    } catch (error) {
      this.brain.set({ kind: "off" });
      throw error;
    }
  }

  #sourceOfBrain() {
    const loaded = this.#images.sequences
      .get()
      .flatMap((each) => (each.picture ? [{ info: each.info, picture: each.picture }] : []));
    return (
      BEST_FOR_BRAIN.flatMap((name) => loaded.filter(({ info }) => info.sequence === name))[0] ?? loaded[0]
    );
  }
}
