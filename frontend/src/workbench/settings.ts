/** How a person likes to work: tool, brush, look of the mask. Kept per person in this browser. */
import type { OutlineKind } from "@/api/assignment";
import type { BrushShape, ToolName } from "@/tools";
import type { Convention, Plane } from "@/viewer";
import type { Arrangement } from "./arrangement";
import { DEFAULT_OPERATIONS, type OperationSettings } from "./operationSettings";
import type { WindowChoice } from "./windows";

/** Which labels a tool may paint over. */
export type OverChoice = "everything" | "background" | "unlocked labels" | "chosen labels";

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
  readonly lesionsShown: boolean;
  /** The outlines of other masks that are shown where the study allows them. */
  readonly outlinesShown: readonly OutlineKind[];
  readonly probabilityShown: boolean;
  /** Where the contour of the probability runs, 0 to 1. */
  readonly probabilityAtLeast: number;
  readonly disagreementShown: boolean;
  /** How each sequence of each study was windowed last, by `windowKey`. */
  readonly windows: Readonly<Record<string, WindowChoice>>;
  readonly convention: Convention;
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
  lesionsShown: true,
  outlinesShown: [],
  probabilityShown: false,
  probabilityAtLeast: 0.5,
  disagreementShown: false,
  windows: {},
  convention: "radiological",
};

export const MIN_RADIUS_MM = 0.5;
export const MAX_RADIUS_MM = 40;

/** Return the radius one step larger or smaller: a tenth, and half a millimetre at least. */
export function stepRadius(radiusMm: number, direction: 1 | -1): number {
  const next = radiusMm + direction * Math.max(0.5, radiusMm * 0.1);
  return Math.min(MAX_RADIUS_MM, Math.max(MIN_RADIUS_MM, Math.round(next * 2) / 2));
}

const KEY = "overread-settings-";

/** Read a person's settings; what is missing or broken gets its default. */
export function readSettings(person: string): Settings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY + person) ?? "{}");
    return { ...DEFAULT_SETTINGS, ...(kept as Partial<Settings>) };
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** Keep a person's settings in this browser. */
export function keepSettings(person: string, settings: Settings): void {
  localStorage.setItem(KEY + person, JSON.stringify(settings));
}
