/** The sequences of a case: loaded one after another, the one on screen first, and kept for switching. */
import type { AssignmentApi, SeriesInfo } from "@/api/assignment";
import { type Grid, type Intensities, sameGeometry } from "@/labels";
import type { Picture, Viewer } from "@/viewer";
import { Cell } from "./cell";
import { type WindowPreset, windowPresets } from "./windows";

/** One sequence and how far it is. */
export interface LoadedSequence {
  readonly info: SeriesInfo;
  readonly picture: Picture | null;
  readonly presets: readonly WindowPreset[];
  readonly error: string | null;
}

export class Images {
  readonly sequences: Cell<readonly LoadedSequence[]>;
  readonly #api: AssignmentApi;
  readonly #grid: Grid;
  readonly #abort = new AbortController();

  constructor(api: AssignmentApi, grid: Grid, series: readonly SeriesInfo[]) {
    this.#api = api;
    this.#grid = grid;
    this.sequences = new Cell<readonly LoadedSequence[]>(
      series.map((info) => ({ info, picture: null, presets: [], error: null })),
    );
  }

  /** Load all sequences, `first` first. Resolves when each is there or has failed; `shown` is called for each. */
  async load(viewer: Viewer, first: string, shown: (sequence: string) => void): Promise<void> {
    const order = [...this.sequences.get()].sort((a, b) => rank(a, first) - rank(b, first));
    for (const { info, picture } of order) {
      if (this.#abort.signal.aborted) return;
      if (picture) {
        shown(info.sequence);
        continue;
      }
      await this.#loadOne(viewer, info);
      shown(info.sequence);
    }
  }

  async #loadOne(viewer: Viewer, info: SeriesInfo): Promise<void> {
    try {
      const bytes = await this.#api.bytes(info.image, this.#abort.signal);
      const picture = await viewer.decode(bytes, info.sequence);
      if (!sameGeometry(picture.grid, this.#grid)) {
        throw new Error("lies on another grid than the labels. Report a problem with this case.");
      }
      this.#put(info.sequence, { picture, presets: windowPresets(picture.intensities), error: null });
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#put(info.sequence, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  #put(sequence: string, fields: Partial<LoadedSequence>): void {
    this.sequences.set(
      this.sequences.get().map((each) => (each.info.sequence === sequence ? { ...each, ...fields } : each)),
    );
  }

  find(sequence: string): LoadedSequence | null {
    return this.sequences.get().find((each) => each.info.sequence === sequence) ?? null;
  }

  intensities(sequence: string): Intensities | null {
    return this.find(sequence)?.picture?.intensities ?? null;
  }

  close(): void {
    this.#abort.abort();
  }
}

function rank({ info }: LoadedSequence, first: string): number {
  return info.sequence === first ? 0 : 1;
}
