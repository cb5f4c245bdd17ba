/** How a person likes to work: tool, brush, look of the mask, windows, keys. `ownSettings.ts` keeps it with the account. */
import type { BrushShape, ToolName } from "@/tools";
import type { Convention, Plane } from "@/viewer";
import type { Arrangement } from "./arrangement";
import type { OwnKeys } from "./keys";
import { DEFAULT_OPERATIONS, type OperationSettings } from "./operationSettings";
import type { WindowChoice } from "./windows";

/** Which labels a tool may paint over. */
export type OverChoice = "everything" | "background" | "unlocked labels" | "chosen labels";

/** Parts of the right side that can be folded. */
export type Foldable = "regions" | "lesions" | "operations" | "limits";

/** All settings that outlive a case. */
export interface Settings extends OperationSettings {
  readonly tool: ToolName;
  readonly radiusMm: number;
  readonly shape: BrushShape;
  readonly usePressure: boolean;
  readonly over: OverChoice;
  /** The keys of the labels that may be painted over when they are chosen one by one; "" is background. */
  readonly overLabels: readonly string[];
  readonly eraseActiveOnly: boolean;
  readonly growLimitMm: number;
  /** Part of the window's width, in per cent. */
  readonly growTolerance: number;
  readonly growWithin: "slice" | "volume";
  readonly fill: number;
  readonly outline: number;
  readonly arrangement: Arrangement;
  /** The plane of one plane large and of sequences side by side. */
  readonly plane: Plane;
  /** The sequences side by side, in the order of the panes. */
  readonly compared: readonly string[];
  /** Show the surface of the mask in 3-D. */
  readonly surface: boolean;
  readonly folded: readonly Foldable[];
  /** What was asked for to compare, in each study for itself, by `guideKey`. */
  readonly guidesShown: readonly string[];
  /** Where the contour of the probability runs, 0 to 1. */
  readonly probabilityAtLeast: number;
  /** How each sequence of each study was windowed last, by `windowKey`. */
  readonly windows: Readonly<Record<string, WindowChoice>>;
  readonly convention: Convention;
  /** The keys that the person chose in place of those of the table, by action. */
  readonly keys: OwnKeys;
}

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULT_OPERATIONS,
  tool: "brush",
  radiusMm: 4,
  shape: "disc",
  usePressure: false,
  over: "everything",
  overLabels: [""],
  eraseActiveOnly: false,
  growLimitMm: 20,
  growTolerance: 12,
  growWithin: "slice",
  fill: 0.35,
  outline: 0.9,
  arrangement: "three planes",
  plane: "axial",
  compared: [],
  surface: false,
  folded: [],
  guidesShown: [],
  probabilityAtLeast: 0.5,
  windows: {},
  convention: "radiological",
  keys: {},
};

/** The settings that are a number. */
export type NumberName = {
  [Name in keyof Settings]: Settings[Name] extends number ? Name : never;
}[keyof Settings];

/** What each number may be, and the step of its slider. */
export const RANGES: Readonly<Record<NumberName, { min: number; max: number; step: number }>> = {
  radiusMm: { min: 0.5, max: 40, step: 0.5 },
  growLimitMm: { min: 2, max: 80, step: 1 },
  growTolerance: { min: 1, max: 60, step: 1 },
  fill: { min: 0, max: 1, step: 0.05 },
  outline: { min: 0, max: 1, step: 0.05 },
  probabilityAtLeast: { min: 0.01, max: 0.99, step: 0.01 },
  islandsBelow: { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 },
  smoothMm: { min: 0.25, max: 5, step: 0.5 },
  medianMm: { min: 0.5, max: 8, step: 0.5 },
  marginMm: { min: 0.5, max: 20, step: 0.5 },
  revertBoxMm: { min: 1, max: 100, step: 0.5 },
  scribbleMm: { min: 0.5, max: 6, step: 0.5 },
  cutMarginMm: { min: 0, max: 40, step: 1 },
};

/** Return the radius one step larger or smaller: a tenth, and half a millimetre at least. */
export function stepRadius(radiusMm: number, direction: 1 | -1): number {
  const next = radiusMm + direction * Math.max(0.5, radiusMm * 0.1);
  const { min, max } = RANGES.radiusMm;
  return Math.min(max, Math.max(min, Math.round(next * 2) / 2));
}
