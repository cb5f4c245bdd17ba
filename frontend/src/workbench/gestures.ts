/** Makes the gesture of a tool at a place, under the limits that hold now, or says why it cannot. */
import type { Gate, Vec3 } from "@/labels";
import {
  type Area,
  beginBrush,
  beginClick,
  beginLasso,
  beginScribble,
  fillArea,
  type Gesture,
  type Sample,
  type Scribble,
  type Target,
  type ToolName,
} from "@/tools";
import type { Plane, Window } from "@/viewer";
import type { Cell } from "./cell";
import type { DrawingLimits } from "./limits";
import type { Operations } from "./operations";
import type { Work } from "./session";
import type { Settings } from "./settings";
import type { ViewState } from "./view";

/** What people read for each tool. */
export const TOOL_NAMES: Readonly<Record<ToolName, string>> = {
  navigate: "Navigate",
  brush: "Brush",
  eraser: "Eraser",
  threshold: "Threshold brush",
  lasso: "Lasso",
  grow: "Grow",
  part: "Part",
  scribble: "Grow-cut",
};

/** Tools that have a way of their own to take away; with the others, Shift makes them the eraser. */
const WITH_ERASING = new Set<ToolName>(["lasso", "grow", "part", "scribble"]);

/** A gesture with the tool that makes it. */
export interface Running {
  readonly gesture: Gesture;
  readonly tool: ToolName;
  readonly erases: boolean;
  readonly plane: Plane;
  /** What its step is called when it is finished now. */
  name(): string;
}

/** What gestures need of the bench. */
export interface Table {
  readonly work: Work;
  readonly settings: Cell<Settings>;
  readonly view: Cell<ViewState>;
  readonly hint: Cell<string | null>;
  readonly limits: DrawingLimits;
  readonly operations: Pick<Operations, "clickPart" | "growFrom" | "revertArea">;
  readonly scribbles: Cell<readonly Scribble[]>;
  readonly window: Window;
  readonly threshold: Window;
}

export class Gestures {
  readonly #bench: Table;

  constructor(bench: Table) {
    this.#bench = bench;
  }

  /** Begin the gesture of the tool in use, or of the eraser while that is held. Null when nothing can be done. */
  begin(sample: Sample, plane: Plane, { erase }: { erase: boolean }): Running | null {
    const { tool: chosen } = this.#bench.settings.get();
    const tool: ToolName = erase && !WITH_ERASING.has(chosen) ? "eraser" : chosen;
    if (tool === "navigate") return null;
    const erases = erase || tool === "eraser";
    const gesture = this.#make(tool, sample, { erases });
    return gesture && { gesture, tool, erases, plane, name: this.#naming(tool, { erases }) };
  }

  /** A stroke keeps the label that it began with; an area takes the one that is active when it is closed. */
  #naming(tool: ToolName, { erases }: { erases: boolean }): () => string {
    if (tool === "eraser") return () => TOOL_NAMES.eraser;
    if (erases) return () => `${TOOL_NAMES[tool]}, erasing`;
    const label = () => this.#bench.work.editor.state.get().active.name;
    const begun = label();
    return () => `${TOOL_NAMES[tool]} · ${tool === "lasso" ? label() : begun}`;
  }

  #make(tool: ToolName, sample: Sample, { erases }: { erases: boolean }): Gesture | null {
    const settings = this.#bench.settings.get();
    if (tool === "scribble") return this.#scribble(sample, { foreground: !erases });
    if (tool === "part") return beginClick(() => this.#clickPart(sample.position, { erases }));
    if (tool === "lasso" && settings.lassoAction === "revert" && !erases) {
      this.#bench.hint.set(null);
      return beginLasso(sample, (area) => this.#revert(area));
    }
    if (tool === "grow") return beginClick(() => this.#grow(sample, { erases }));
    const target = this.target(tool, { erases });
    if (!target) return null;
    if (tool === "lasso") return beginLasso(sample, (area) => this.#fill(area, { erases }));
    return beginBrush(target, settings, sample);
  }

  /** To erase with it takes the part away, whatever the tool is set to. */
  #clickPart(position: Vec3, { erases }: { erases: boolean }): null {
    const { operations, settings } = this.#bench;
    void operations.clickPart(erases ? "empty" : settings.get().partAction, position);
    return null;
  }

  #grow(sample: Sample, how: { erases: boolean }): null {
    void this.#bench.operations.growFrom(sample, how);
    return null;
  }

  #revert(area: Area): null {
    void this.#bench.operations.revertArea(area);
    return null;
  }

  #fill(area: Area, { erases }: { erases: boolean }) {
    const target = this.target("lasso", { erases });
    return target && fillArea(target, area);
  }

  #scribble(sample: Sample, { foreground }: { foreground: boolean }): Gesture {
    const { settings, scribbles, hint } = this.#bench;
    hint.set(null);
    const done = (scribble: Scribble) => scribbles.set([...scribbles.get(), scribble]);
    return beginScribble({ foreground, radiusMm: settings.get().scribbleMm, done }, sample);
  }

  /** Return what a tool may change now; null when nothing, and the hint then says why. */
  target(tool: ToolName, { erases }: { erases: boolean }): Target | null {
    const { settings, limits: all, hint } = this.#bench;
    const { editor } = this.#bench.work;
    const { over, overLabels, eraseActiveOnly } = settings.get();
    const limits = all.current();
    if (typeof limits === "string") {
      hint.set(limits);
      return null;
    }
    if (tool === "threshold" && !this.#intensities()) {
      hint.set("This sequence is still loading.");
      return null;
    }
    const gate = tool === "threshold" ? this.#gate() : null;
    const target = erases
      ? editor.eraseTarget(gate, { activeOnly: eraseActiveOnly, limits })
      : editor.target(gate, { over, overLabels, limits });
    hint.set(target ? null : this.#whyNot());
    return target;
  }

  #intensities() {
    return this.#bench.work.images.intensities(this.#bench.view.get().sequence);
  }

  #whyNot(): string {
    const { readOnly, active, locked } = this.#bench.work.editor.state.get();
    if (readOnly) return "This case is open in another window.";
    return locked.has(active.key) ? `${active.name} is locked.` : "An old step is being fetched. Try again.";
  }

  #gate(): Gate | null {
    const intensities = this.#intensities();
    const [low, high] = this.#bench.threshold;
    return intensities && { intensities, low, high };
  }
}
