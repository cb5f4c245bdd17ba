/** Tools turn a gesture of the pointer into an edit. They write while the pointer moves and end as one value. */
import type { Axis, LabelStore, PackedEdit, PaintRule, Vec3 } from "@/labels";

/** The tools of the bar. */
export type ToolName = "navigate" | "brush" | "eraser" | "threshold" | "lasso" | "grow" | "part" | "scribble";

/** Where the pointer is: a voxel position with fractions, and the normal of the plane it is on. */
export interface Sample {
  readonly position: Vec3;
  readonly axis: Axis;
  /** 0 to 1; 1 for a mouse. */
  readonly pressure: number;
}

/** What every tool needs to know. */
export interface Target {
  readonly store: LabelStore;
  readonly layer: number;
  readonly rule: PaintRule;
}

/** A gesture in progress. */
export interface Gesture {
  move(sample: Sample): void;
  /** What it has written up to now, or null. Undoing it takes that back. */
  written(): PackedEdit | null;
  /** End it and return what changed, or null when nothing did. */
  finish(): PackedEdit | null;
  /** The line to draw over the picture, in voxel positions. */
  readonly outline: readonly Vec3[];
}

/** A tool that acts once, where it was set down, when the pointer is lifted: until then it can still be given up. */
export function beginClick(act: () => PackedEdit | null): Gesture {
  return { outline: [], move: () => undefined, written: () => null, finish: act };
}

/** Shape of the brush. */
export type BrushShape = "disc" | "sphere";
