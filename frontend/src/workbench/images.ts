/** The sequences of a case: loaded one after another, the one on screen first, and kept for switching. */
import type { AssignmentApi, SeriesInfo } from "@/api/assignment";
import { type Grid, type Intensities, sameGeometry } from "@/labels";
import type { Picture, Viewer } from "@/viewer";
import { Cell } from "./cell";
import { gunzip } from "./drafts/gzip";
import { type WindowPreset, windowPresets } from "./windows";

/** Long enough for a loaded picture to be handed to the graphics card. */
const FRAME_MS = 50;

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
  readonly #listeners = new Set<(sequence: string) => void>();
  readonly #downloads = new Map<string, Promise<ArrayBuffer>>();
  #loading: Promise<void> | null = null;

  constructor(api: AssignmentApi, grid: Grid, series: readonly SeriesInfo[]) {
    this.#api = api;
    this.#grid = grid;
    this.sequences = new Cell<readonly LoadedSequence[]>(
      series.map((info) => ({ info, picture: null, presets: [], error: null })),
    );
  }

  /**
   * Load all sequences, those in `first` first. Any viewer may read them, and a picture is read once for all; what
   * failed is tried again by the next call.
   */
  load(viewer: Viewer, first: readonly string[]): Promise<void> {
    this.#loading ??= this.#loadAll(viewer, first).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadAll(viewer: Viewer, first: readonly string[]): Promise<void> {
    const rank = ({ info }: LoadedSequence) => (first.includes(info.sequence) ? 0 : 1);
    const waiting = this.sequences.get().filter(({ picture }) => !picture);
    const queue = waiting.sort((a, b) => rank(a) - rank(b)).map(({ info }) => info);
    for (const [n, info] of queue.entries()) {
      if (this.#abort.signal.aborted) return;
      if (n === 1) await shown(viewer);
      await this.#loadOne(viewer, info);
    }
  }

  async #loadOne(viewer: Viewer, info: SeriesInfo): Promise<void> {
    try {
      const bytes = await this.#download(info);
      const picture = await viewer.decode(bytes, info.sequence);
      if (!sameGeometry(picture.grid, this.#grid)) {
        throw new Error("lies on another grid than the labels. Report a problem with this case.");
      }
      this.#put(info.sequence, { picture, presets: windowPresets(picture.intensities), error: null });
      for (const listener of this.#listeners) listener(info.sequence);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#put(info.sequence, { error: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#downloads.delete(info.sequence);
    }
  }

  /** Begin to fetch an image before anything can show it. A failure is told when it is loaded. */
  fetch(info: SeriesInfo): void {
    this.#download(info).catch(() => undefined);
  }

  #download({ sequence, image }: SeriesInfo): Promise<ArrayBuffer> {
    const download = this.#downloads.get(sequence) ?? this.#api.bytes(image, this.#abort.signal).then(gunzip);
    this.#downloads.set(sequence, download);
    return download;
  }

  #put(sequence: string, fields: Partial<LoadedSequence>): void {
    this.sequences.set(
      this.sequences.get().map((each) => (each.info.sequence === sequence ? { ...each, ...fields } : each)),
    );
  }

  find(sequence: string): LoadedSequence | null {
    return this.sequences.get().find((each) => each.info.sequence === sequence) ?? null;
  }

  /** Be told when the presets of a sequence are known. */
  onPresets(listener: (sequence: string) => void): void {
    this.#listeners.add(listener);
  }

  intensities(sequence: string): Intensities | null {
    return this.find(sequence)?.picture?.intensities ?? null;
  }

  close(): void {
    this.#abort.abort();
    this.#downloads.clear();
  }
}

/** Leave the machine to the first picture until it is on screen: everything else can wait, and the person cannot. */
async function shown(viewer: Viewer): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
  await viewer.finished();
}
