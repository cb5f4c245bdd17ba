/** What is computed from the labels on screen, in a worker of its own: their surfaces and the list of lesions. */
import { type Lesion, packLabels, type Surface } from "@/labels";
import { LabelWorker } from "@/worker";
import type { Cell } from "./cell";
import type { Editor, EditorLabel } from "./editor";
import { Follower } from "./follower";

/** After the last change; shorter than a pause between strokes would work for nothing. */
const SURFACES_MS = 500;
const LESIONS_MS = 250;

/** The surface of one label. */
export interface LabelSurface {
  readonly label: EditorLabel;
  readonly surface: Surface;
}

/** A lesion with the label that it is of. */
export interface LabelLesion extends Lesion {
  readonly of: EditorLabel;
}

export class Derived {
  readonly surfaces: Follower<readonly LabelSurface[]>;
  readonly lesions: Follower<readonly LabelLesion[]>;
  readonly #editor: Editor;
  readonly #shown: () => Promise<Uint8Array>;
  readonly #worker = new LabelWorker();

  /** `shown` gives the active layer as it is on screen; `otherwise` is what else than an edit changes that. */
  constructor(
    editor: Editor,
    {
      shown,
      otherwise,
    }: { shown: () => Promise<Uint8Array>; otherwise: readonly Pick<Cell<unknown>, "subscribe">[] },
  ) {
    this.#editor = editor;
    this.#shown = shown;
    this.surfaces = new Follower(() => this.#findSurfaces(), SURFACES_MS);
    this.lesions = new Follower(() => this.#findLesions(), LESIONS_MS);
    const changed = () => {
      this.surfaces.changed();
      this.lesions.changed();
    };
    editor.store.subscribe(changed);
    for (const cell of otherwise) cell.subscribe(changed);
    let { layerIndex } = editor.state.get().active;
    editor.state.subscribe(() => {
      const { active } = editor.state.get();
      if (active.layerIndex === layerIndex) return;
      layerIndex = active.layerIndex;
      changed();
    });
  }

  get #labels(): readonly EditorLabel[] {
    const { labels, state } = this.#editor;
    return labels.filter((label) => label.layerIndex === state.get().active.layerIndex);
  }

  async #findSurfaces(): Promise<LabelSurface[]> {
    const labels = this.#labels;
    const surfaces = await this.#worker.run("surfaces", {
      grid: this.#editor.grid,
      packed: packLabels(await this.#shown()),
      values: labels.map((label) => label.value),
    });
    return labels.map((label, n) => ({ label, surface: surfaces[n] as Surface }));
  }

  async #findLesions(): Promise<LabelLesion[]> {
    const labels = this.#labels;
    const lesions = await this.#worker.run("lesions", {
      grid: this.#editor.grid,
      packed: packLabels(await this.#shown()),
      query: { values: labels.map((label) => label.value), separate: true, connectivity: 26 },
    });
    return lesions.flatMap((lesion) => {
      const of = labels.find((label) => label.value === lesion.label);
      return of ? [{ ...lesion, of }] : [];
    });
  }

  /** Stop what is being computed. */
  close(): void {
    this.#worker.close();
  }
}
