/** The labels of one assignment being edited: which label is active, what is locked, history, and its journal. */
import type { LabelInfo, RegionInfo, Scheme } from "@/api/assignment";
import {
  type Edit,
  type Gate,
  type Grid,
  type History,
  type LabelStore,
  type PaintRule,
  summarise,
} from "@/labels";
import type { Target } from "@/tools";
import { Cell } from "./cell";
import type { Journal } from "./drafts/journal";
import type { OverChoice } from "./settings";

/** A label with the number of its layer. */
export interface EditorLabel extends LabelInfo {
  readonly layerIndex: number;
}

/** What the panels show of the editor. */
export interface EditorState {
  readonly active: EditorLabel;
  readonly locked: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** Grows with every change of the labels; panels read volumes and history again. */
  readonly revision: number;
  readonly readOnly: boolean;
}

export class Editor {
  readonly scheme: Scheme;
  readonly labels: readonly EditorLabel[];
  readonly store: LabelStore;
  readonly history: History;
  readonly state: Cell<EditorState>;
  readonly #journal: Journal;
  readonly #changed: () => void;
  #volumesDue = false;

  /** `changed` is called after each change was handed to the journal. Raises RangeError for a scheme without labels. */
  constructor(scheme: Scheme, { store, history, journal, changed }: EditorParts) {
    this.scheme = scheme;
    this.store = store;
    this.history = history;
    this.#journal = journal;
    this.#changed = changed;
    this.labels = withLayers(scheme);
    const [active] = this.labels;
    if (!active) throw new RangeError("The label scheme of this study has no labels.");
    this.state = new Cell<EditorState>({
      active,
      locked: new Set(),
      hidden: new Set(),
      revision: 0,
      readOnly: false,
    });
    store.subscribe(() => this.#announce());
  }

  get grid(): Grid {
    return this.store.grid;
  }

  /** Tell the panels once a frame, also while a stroke is running: volumes are live. */
  #announce(): void {
    if (this.#volumesDue) return;
    this.#volumesDue = true;
    requestAnimationFrame(() => {
      this.#volumesDue = false;
      this.state.patch({ revision: this.state.get().revision + 1 });
    });
  }

  select(key: string): void {
    const label = this.labels.find((each) => each.key === key);
    if (label) this.state.patch({ active: label });
  }

  toggleLock(key: string): void {
    this.state.patch({ locked: toggled(this.state.get().locked, key) });
  }

  toggleHidden(key: string): void {
    this.state.patch({ hidden: toggled(this.state.get().hidden, key) });
  }

  /** Show only this label of its layer; again: show all. */
  showOnly(key: string): void {
    const others = this.labels.filter((label) => label.key !== key).map((label) => label.key);
    const { hidden } = this.state.get();
    const alone = others.every((other) => hidden.has(other)) && !hidden.has(key);
    this.state.patch({ hidden: new Set(alone ? [] : others) });
  }

  /** Return what a tool may do now, or null when nothing may be changed. */
  target(gate: Gate | null, over: OverChoice): Target | null {
    const { active, readOnly } = this.state.get();
    if (readOnly || this.state.get().locked.has(active.key)) return null;
    return { store: this.store, layer: active.layerIndex, rule: this.#rule(active.value, { over, gate }) };
  }

  /** The same for erasing: every unlocked label of the layer, or the active one only. */
  eraseTarget(gate: Gate | null, { activeOnly }: { activeOnly: boolean }): Target | null {
    const { active, readOnly } = this.state.get();
    if (readOnly) return null;
    const over = activeOnly ? new Set([active.value]) : ("everything" as const);
    const rule: PaintRule = { label: 0, over, locked: this.#lockedValues(active.layerIndex), gate };
    return { store: this.store, layer: active.layerIndex, rule };
  }

  #rule(label: number, { over, gate }: { over: OverChoice; gate: Gate | null }): PaintRule {
    const { active } = this.state.get();
    const others = this.labels
      .filter((each) => each.layerIndex === active.layerIndex)
      .map((each) => each.value);
    return {
      label,
      over: over === "unlocked labels" ? new Set(others) : over,
      locked: this.#lockedValues(active.layerIndex),
      gate,
    };
  }

  #lockedValues(layer: number): Set<number> {
    const { locked } = this.state.get();
    return new Set(
      this.labels
        .filter((label) => label.layerIndex === layer && locked.has(label.key))
        .map((label) => label.value),
    );
  }

  /** Keep an edit that a gesture has written. Resolves when it is on disk. */
  async record(edit: Edit, { name, tool }: { name: string; tool: string }): Promise<void> {
    const step = this.history.record(edit, { name, tool });
    this.#announce();
    await this.#journal.append(step, this.history.position);
    this.#changed();
  }

  async undo(): Promise<void> {
    await this.goTo(this.history.position - 1);
  }

  async redo(): Promise<void> {
    await this.goTo(this.history.position + 1);
  }

  /** Undo or redo until `position` steps are done. */
  async goTo(position: number): Promise<void> {
    if (this.state.get().readOnly || position < 0 || position > this.history.steps.length) return;
    this.history.goTo(position);
    this.#announce();
    await this.#journal.move(this.history.position);
    this.#changed();
  }

  /** Volume of a label in ml. */
  volumeMl(label: EditorLabel): number {
    return this.store.volumeMl(label.layerIndex, label.value);
  }

  /** Volume of a region in ml; voxels that several layers mark count once. */
  regionMl(region: RegionInfo): number {
    const parts = this.labels.filter((label) => region.labels.includes(label.key));
    if (new Set(parts.map((part) => part.layerIndex)).size <= 1) {
      return parts.reduce((sum, part) => sum + this.volumeMl(part), 0);
    }
    return this.#unionVoxels(parts) * this.grid.voxelMl;
  }

  #unionVoxels(parts: readonly EditorLabel[]): number {
    const tests = this.store.layers.map((layer, n) => {
      const inside = new Uint8Array(256);
      for (const part of parts) if (part.layerIndex === n) inside[part.value] = 1;
      return { layer, inside };
    });
    let count = 0;
    for (let i = 0; i < this.grid.size; i++) {
      if (tests.some(({ layer, inside }) => inside[layer[i] as number] === 1)) count++;
    }
    return count;
  }

  /** The label under a voxel in the active layer, or null for background. */
  labelAt(index: number): EditorLabel | null {
    const { layerIndex } = this.state.get().active;
    const value = this.store.layer(layerIndex)[index];
    return this.labels.find((label) => label.layerIndex === layerIndex && label.value === value) ?? null;
  }

  /** What the person did, by label key and tool, for the submission. */
  statistics(): {
    added: Record<string, number>;
    removed: Record<string, number>;
    tools: Record<string, number>;
  } {
    const { layers, tools } = summarise(this.history.steps, this.history.position);
    const byKey = (side: "added" | "removed") =>
      Object.fromEntries(
        this.labels.map((label) => [label.key, layers.get(label.layerIndex)?.[side].get(label.value) ?? 0]),
      );
    return { added: byKey("added"), removed: byKey("removed"), tools: Object.fromEntries(tools) };
  }
}

/** What an editor is made of. */
export interface EditorParts {
  readonly store: LabelStore;
  readonly history: History;
  readonly journal: Journal;
  readonly changed: () => void;
}

function withLayers({ layers, labels }: Scheme): EditorLabel[] {
  return labels.flatMap((label) => {
    const layerIndex = layers.findIndex((layer) => layer.key === label.layer);
    return layerIndex < 0 ? [] : [{ ...label, layerIndex }];
  });
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
