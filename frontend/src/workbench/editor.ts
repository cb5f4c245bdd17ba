/** The labels of one assignment being edited: which label is active, what is locked, history, and its journal. */
import type { EditCounts, LabelInfo, RegionInfo, Scheme } from "@/api/assignment";
import {
  difference,
  type Gate,
  type Grid,
  type History,
  type LabelStore,
  type Limits,
  type PackedEdit,
  type PaintRule,
  summarise,
  UnionCount,
  without,
} from "@/labels";
import type { Target } from "@/tools";
import { Cell } from "./cell";
import { foldSteps, unfoldSteps } from "./drafts/gzip";
import type { Journal } from "./drafts/journal";
import type { OverChoice } from "./settings";

/** A label with the number of its layer. */
export interface EditorLabel extends LabelInfo {
  readonly layerIndex: number;
}

/** What a person lets tools do: what may be painted over, and the limits on range and brain. */
export interface Permission {
  readonly over: OverChoice;
  /** Used with "chosen labels": their keys; "" is background. */
  readonly overLabels: readonly string[];
  readonly limits: Limits;
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

/** A stroke that is being drawn: what it has written up to now, and how it is ended before something else is done. */
export interface Underway {
  written(): PackedEdit | null;
  settle(): void;
}

export class Editor {
  readonly scheme: Scheme;
  readonly labels: readonly EditorLabel[];
  readonly store: LabelStore;
  readonly history: History;
  readonly state: Cell<EditorState>;
  /** Set while something is being drawn. */
  underway: Underway | null = null;
  readonly #journal: Journal;
  readonly #changed: () => void;
  /** Voxels of the regions that span several layers, counted from when they are first asked for. */
  readonly #unions = new Map<string, UnionCount>();
  #volumesDue = false;
  /** Counts changes of the labels, so that an undo that waited for an old step knows whether it still applies. */
  #changes = 0;
  #isUnfolding = false;

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
    this.#foldOld();
  }

  get grid(): Grid {
    return this.store.grid;
  }

  /** All layers in whole steps: without what a stroke has written that may still be given up. */
  layers(): readonly Uint8Array[] {
    const written = this.underway?.written();
    if (!written) return this.store.layers;
    return this.store.layers.map((labels, n) => (n === written.layer ? without(labels, written) : labels));
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

  /** Show only this label of all layers; again: show all. */
  showOnly(key: string): void {
    const others = this.labels.filter((label) => label.key !== key).map((label) => label.key);
    const { hidden } = this.state.get();
    const alone = others.every((other) => hidden.has(other)) && !hidden.has(key);
    this.state.patch({ hidden: new Set(alone ? [] : others) });
  }

  /** Return what a tool may do now, or null when nothing may be changed. */
  target(gate: Gate | null, permission: Permission): Target | null {
    const { active, readOnly } = this.state.get();
    if (readOnly || this.#isUnfolding || this.state.get().locked.has(active.key)) return null;
    const rule = { ...this.rule(active, permission), gate };
    return { store: this.store, layer: active.layerIndex, rule };
  }

  /** The same for erasing: every unlocked label of the layer, or the active one only. */
  eraseTarget(
    gate: Gate | null,
    { activeOnly, limits }: { activeOnly: boolean; limits: Limits },
  ): Target | null {
    const { active, readOnly } = this.state.get();
    if (readOnly || this.#isUnfolding) return null;
    const over = activeOnly ? new Set([active.value]) : ("everything" as const);
    const rule: PaintRule = { label: 0, over, locked: this.#lockedValues(active.layerIndex), gate, limits };
    return { store: this.store, layer: active.layerIndex, rule };
  }

  /** Return the rule under which an operation or a tool writes a label. */
  rule({ value, layerIndex }: EditorLabel, { over, overLabels, limits }: Permission): PaintRule {
    const others = this.labels.filter((each) => each.layerIndex === layerIndex);
    const chosen = others.filter(({ key }) => over === "unlocked labels" || overLabels.includes(key));
    const values = new Set(chosen.map((each) => each.value));
    if (over === "chosen labels" && overLabels.includes("")) values.add(0);
    return {
      label: value,
      over: over === "everything" || over === "background" ? over : values,
      locked: this.#lockedValues(layerIndex),
      gate: null,
      limits,
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

  /** Write an edit and keep it. Resolves when it is on disk. */
  async apply(edit: PackedEdit, names: { name: string; tool: string }): Promise<void> {
    const step = this.history.do(edit, names);
    await this.#keep(() => this.#journal.append([step], this.history.position));
  }

  /** Keep an edit that a gesture has written. Resolves when it is on disk. */
  async record(edit: PackedEdit, { name, tool }: { name: string; tool: string }): Promise<void> {
    const step = this.history.record(edit, { name, tool });
    await this.#keep(() => this.#journal.append([step], this.history.position));
  }

  /** After the history changed: tell the panels, write it down, and fold what is old now. */
  async #keep(write: () => Promise<void>): Promise<void> {
    this.#changes++;
    this.#announce();
    await write();
    this.#changed();
    this.#foldOld();
  }

  #foldOld(): void {
    // Folding only saves memory: when the worker fails, the steps stay as they are.
    this.history.fold(foldSteps).catch(() => undefined);
  }

  /** Go on with the labels of another version, as one step that can be undone: locks keep no label. Returns false when they are the same. */
  async adopt(layers: readonly Uint8Array[], name: string): Promise<boolean> {
    if (this.state.get().readOnly) return false;
    this.underway?.settle();
    const edits = layers.map((after, n) => difference(n, this.store.layer(n), after));
    const steps = edits
      .filter((edit) => edit.count > 0)
      .map((edit, n) => this.history.do(edit, { name, tool: "restore", joined: n > 0 }));
    if (steps.length === 0) return false;
    await this.#keep(() => this.#journal.append(steps, this.history.position));
    return true;
  }

  async undo(): Promise<void> {
    this.underway?.settle();
    const { steps } = this.history;
    let position = this.history.position - 1;
    while (position > 0 && steps[position]?.joined) position--;
    await this.goTo(position);
  }

  async redo(): Promise<void> {
    this.underway?.settle();
    await this.goTo(this.history.position + 1);
  }

  /** Undo or redo until `position` steps are done, and those that belong to the last of them. */
  async goTo(position: number): Promise<void> {
    this.underway?.settle();
    const { steps } = this.history;
    if (this.state.get().readOnly || position < 0 || position > steps.length) return;
    let end = position;
    while (steps[end]?.joined) end++;
    // Again and again: steps that were on their way to being folded may be so only now.
    for (;;) {
      const unfolding = this.history.unfold(end, unfoldSteps);
      if (!unfolding) break;
      if (!(await this.#waited(unfolding))) return;
    }
    this.history.goTo(end);
    this.history.unfoldNear(unfoldSteps)?.catch(() => undefined);
    await this.#keep(() => this.#journal.move(this.history.position));
  }

  /** Wait for old steps; nothing can be drawn meanwhile. Returns false when the labels changed all the same. */
  async #waited(unfolding: Promise<void>): Promise<boolean> {
    const before = this.#changes;
    this.#isUnfolding = true;
    try {
      await unfolding;
    } finally {
      this.#isUnfolding = false;
    }
    return before === this.#changes;
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
    const union =
      this.#unions.get(region.key) ??
      new UnionCount(
        this.store,
        parts.map(({ layerIndex, value }) => ({ layer: layerIndex, value })),
      );
    this.#unions.set(region.key, union);
    return union.count * this.grid.voxelMl;
  }

  /** The label under a voxel in the active layer, or null for background. */
  labelAt(index: number): EditorLabel | null {
    const { layerIndex } = this.state.get().active;
    const value = this.store.layer(layerIndex)[index];
    return this.labels.find((label) => label.layerIndex === layerIndex && label.value === value) ?? null;
  }

  /** The keys of the labels that a voxel has in any of the layers on screen, with blanks between them. */
  keysAt(index: number, layers: readonly Uint8Array[]): string {
    const found = this.labels.filter(({ layerIndex, value }) => layers[layerIndex]?.[index] === value);
    return found.map(({ key }) => key).join(" ");
  }

  /** What the person did, by label key and tool: the steps that stand, and what was done before them elsewhere. */
  statistics(): EditCounts {
    const { layers, tools } = summarise(this.history.steps, this.history.position);
    const { editsBefore } = this.#journal.record;
    const byKey = (side: "added" | "removed") =>
      Object.fromEntries(
        this.labels.map((label) => [label.key, layers.get(label.layerIndex)?.[side].get(label.value) ?? 0]),
      );
    return {
      added: summed(editsBefore.added, byKey("added")),
      removed: summed(editsBefore.removed, byKey("removed")),
      tools: summed(editsBefore.tools, Object.fromEntries(tools)),
    };
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

function summed(
  before: Readonly<Record<string, number>> = {},
  now: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...before };
  for (const [key, count] of Object.entries(now)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
