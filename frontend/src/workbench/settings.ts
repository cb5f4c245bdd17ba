/** How a person likes to work: tool, brush, look of the mask. Kept per person in this browser. */
import type { BrushShape, ToolName } from "@/tools";
import type { Convention, Layout } from "@/viewer";

/** Which labels a tool may paint over. */
export type OverChoice = "everything" | "background" | "unlocked labels";

/** All settings that outlive a case. */
export interface Settings {
  readonly tool: ToolName;
  readonly radiusMm: number;
  readonly shape: BrushShape;
  readonly usePressure: boolean;
  readonly over: OverChoice;
  readonly eraseActiveOnly: boolean;
  readonly growLimitMm: number;
  /** Part of the window's width, in per cent. */
  readonly growTolerance: number;
  readonly growWithin: "slice" | "volume";
  readonly fill: number;
  readonly outline: number;
  readonly layout: Layout;
  readonly convention: Convention;
}

export const DEFAULT_SETTINGS: Settings = {
  tool: "brush",
  radiusMm: 4,
  shape: "disc",
  usePressure: false,
  over: "everything",
  eraseActiveOnly: false,
  growLimitMm: 20,
  growTolerance: 12,
  growWithin: "slice",
  fill: 0.35,
  outline: 0.9,
  layout: "three planes",
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
