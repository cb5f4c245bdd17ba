/**
 * What one may look at beside the mask: where the study allows it, outlines of other masks and the model's
 * probability; where one sees its results, the disagreement of its readers.
 */
import type { DisagreementMap } from "@/api/agreement";
import type { Assignment, AssignmentApi, OutlineKind } from "@/api/assignment";
import { type Grid, LabelStore, sameGeometry } from "@/labels";
import type { Layer, Picture, Viewer } from "@/viewer";
import { Cell } from "./cell";
import { readLabels } from "./drafts/gzip";
import type { Editor } from "./editor";
import { LONGEST_LIST } from "./settingRules";
import type { Settings } from "./settings";

/** What can be asked for: outlines of other masks, the probability, the disagreement. */
export type Guide = OutlineKind | "probability" | "disagreement";

/** What has been read so far. */
export interface LoadedGuides {
  readonly outlines: Readonly<Partial<Record<OutlineKind, readonly Uint8Array[]>>>;
  /** Probabilities by label key. */
  readonly maps: Readonly<Record<string, Picture>>;
  /** The maps of disagreement that one may see, and those that were read, by their id. */
  readonly disagreement: readonly DisagreementMap[];
  readonly disputed: Readonly<Record<number, Picture>>;
  readonly error: string | null;
}

/** Neutral greys: no label has them. Both are dashed. */
const COLOURS: Readonly<Record<OutlineKind, string>> = { start: "#e6e6e6", previous: "#a8a8a8" };

/** Return the name under which it is kept that a guide was asked for in a study. */
export function guideKey(study: number, guide: Guide): string {
  return `${study} ${guide}`;
}

export class Guides {
  readonly loaded = new Cell<LoadedGuides>({
    outlines: {},
    maps: {},
    disagreement: [],
    disputed: {},
    error: null,
  });
  readonly #api: AssignmentApi;
  readonly #assignment: Assignment;
  readonly #grid: Grid;
  readonly #asked = new Set<string>();

  constructor(api: AssignmentApi, assignment: Assignment, grid: Grid) {
    this.#api = api;
    this.#assignment = assignment;
    this.#grid = grid;
  }

  /** The outlines that may be shown. */
  get outlines(): readonly OutlineKind[] {
    return this.#assignment.guides.outlines.map(({ kind }) => kind);
  }

  /** True where the person asked for it in this study; what was asked for in another study is off in this one. */
  isShown(guide: Guide, { guidesShown }: Pick<Settings, "guidesShown">): boolean {
    return guidesShown.includes(guideKey(this.#assignment.study.id, guide));
  }

  /** Return the choices with this guide on or off in this study; what was asked for longest ago is forgotten first. */
  withShown(guide: Guide, on: boolean, shown: Settings["guidesShown"]): Settings["guidesShown"] {
    const key = guideKey(this.#assignment.study.id, guide);
    const others = shown.filter((each) => each !== key);
    return on ? [...others, key].slice(-LONGEST_LIST) : others;
  }

  /** The label whose probability belongs to the active label: its own, else the first there is; null without any. */
  mapFor(activeKey: string): string | null {
    const keys = this.#assignment.guides.probabilities.map(({ key }) => key);
    return keys.find((key) => key === activeKey) ?? keys[0] ?? null;
  }

  get isEmpty(): boolean {
    const { disagreement } = this.loaded.get();
    return this.outlines.length === 0 && this.mapFor("") === null && disagreement.length === 0;
  }

  /** The map of disagreement of a layer of the scheme, if one may see it. */
  disagreementIn(layerIndex: number): DisagreementMap | undefined {
    const key = this.#assignment.scheme.layers[layerIndex]?.key;
    return this.loaded.get().disagreement.find(({ layer }) => layer === key);
  }

  /** Ask, once, for the maps of disagreement. */
  findDisagreement(): Promise<void> {
    return this.#try("disagreement", async () => {
      this.loaded.patch({ disagreement: await this.#api.disagreement(this.#assignment.id) });
    });
  }

  /** Read a map of disagreement, once; any viewer can decode it. */
  readDisagreement({ id, image }: DisagreementMap, viewer: Viewer): Promise<void> {
    return this.#once(image, async (bytes) => {
      const picture = await viewer.decode(bytes, "the disagreement");
      if (!sameGeometry(picture.grid, this.#grid)) throw new Error("The disagreement lies on another grid.");
      this.loaded.patch({ disputed: { ...this.loaded.get().disputed, [id]: picture } });
    });
  }

  /** Read an outline, once. What failed is tried again by the next call. */
  readOutline(kind: OutlineKind): Promise<void> {
    const address = this.#assignment.guides.outlines.find((each) => each.kind === kind)?.labels;
    return this.#once(address, async (bytes) => {
      const labels = await readLabels(bytes);
      const { layers } = new LabelStore(this.#grid, this.#assignment.scheme.layers.length, labels);
      this.loaded.patch({ outlines: { ...this.loaded.get().outlines, [kind]: layers } });
    });
  }

  /** Return the mask of the previous exam, one array per layer, on this case's grid. Raises where none may be seen. */
  async previous(): Promise<readonly Uint8Array[]> {
    await this.readOutline("previous");
    const { outlines, error } = this.loaded.get();
    if (outlines.previous) return outlines.previous;
    throw new Error(error ?? "The previous exam is still loading. Try again.");
  }

  /** Read the probability of a label, once; any viewer can decode it. */
  readMap(key: string, viewer: Viewer): Promise<void> {
    const address = this.#assignment.guides.probabilities.find((each) => each.key === key)?.map;
    return this.#once(address, async (bytes) => {
      const picture = await viewer.decode(bytes, "the probability");
      if (!sameGeometry(picture.grid, this.#grid)) throw new Error("The probability lies on another grid.");
      this.loaded.patch({ maps: { ...this.loaded.get().maps, [key]: picture } });
    });
  }

  async #once(address: string | undefined, keep: (bytes: ArrayBuffer) => Promise<void>): Promise<void> {
    if (address) await this.#try(address, async () => keep(await this.#api.bytes(address)));
  }

  async #try(what: string, read: () => Promise<void>): Promise<void> {
    if (this.#asked.has(what)) return;
    this.#asked.add(what);
    try {
      await read();
      this.loaded.patch({ error: null });
    } catch (error) {
      this.#asked.delete(what);
      this.loaded.patch({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Return what is to be drawn over the slices, of what the person asked for and is there. */
  layers(settings: Settings, editor: Editor): Layer[] {
    const { active } = editor.state.get();
    const { outlines, maps, disputed } = this.loaded.get();
    const lines = this.outlines.flatMap((kind): Layer[] => {
      const labels = this.isShown(kind, settings) && outlines[kind]?.[active.layerIndex];
      return labels ? [{ kind: "outline", labels, colour: COLOURS[kind] }] : [];
    });
    const found = this.disagreementIn(active.layerIndex);
    const picture = found && this.isShown("disagreement", settings) ? disputed[found.id] : undefined;
    if (found && picture) {
      const highest = found.most_bits;
      lines.unshift({ kind: "map", values: picture.intensities, highest, threshold: null, opacity: 0.7 });
    }
    const map = maps[this.mapFor(active.key) ?? ""];
    if (!this.isShown("probability", settings) || !map) return lines;
    const { probabilityAtLeast: threshold } = settings;
    return [{ kind: "map", values: map.intensities, highest: 1, threshold, opacity: 0.4 }, ...lines];
  }
}
