/** What each setting may be: what comes from a browser's store or from the account is believed only where it fits. */
import type { BrushShape, ToolName } from "@/tools";
import type { Convention, Plane } from "@/viewer";
import type { Arrangement } from "./arrangement";
import type { LassoAction, OperationId, PartAction } from "./operationSettings";
import { type Foldable, type NumberName, type OverChoice, RANGES, type Settings } from "./settings";
import type { WindowChoice } from "./windows";

/** Tells whether a value is one. */
export type Rule<T> = (value: unknown) => value is T;

const LONGEST_TEXT = 200;
export const LONGEST_LIST = 60;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isFlag: Rule<boolean> = (value) => typeof value === "boolean";
const isNumber: Rule<number> = (value): value is number =>
  typeof value === "number" && Number.isFinite(value);
const isText: Rule<string> = (value): value is string =>
  typeof value === "string" && value.length <= LONGEST_TEXT;

/** One of the names of a table, which the compiler keeps whole. */
function among<T extends string>(table: Readonly<Record<T, true>>): Rule<T> {
  return (value): value is T => typeof value === "string" && Object.hasOwn(table, value);
}

function within(name: NumberName): Rule<number> {
  const { min, max } = RANGES[name];
  return (value): value is number => isNumber(value) && value >= min && value <= max;
}

function listOf<T>(rule: Rule<T>): Rule<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= LONGEST_LIST && value.every(rule);
}

const isKeys: Rule<Settings["keys"]> = (value): value is Settings["keys"] =>
  isRecord(value) && Object.values(value).every(listOf(isText));

/** Tells whether something is a window as a person chose it. */
export const isWindowChoice: Rule<WindowChoice> = (value): value is WindowChoice => {
  if (!isRecord(value)) return false;
  if ("preset" in value) return isText(value.preset);
  return listOf(isNumber)(value.parts) && value.parts.length === 2;
};

/** The rule of every setting but the windows, which are kept one by one. */
export const RULES: { readonly [Name in Exclude<keyof Settings, "windows">]: Rule<Settings[Name]> } = {
  tool: among<ToolName>({
    navigate: true,
    brush: true,
    eraser: true,
    threshold: true,
    lasso: true,
    grow: true,
    part: true,
    scribble: true,
  }),
  radiusMm: within("radiusMm"),
  shape: among<BrushShape>({ disc: true, sphere: true }),
  usePressure: isFlag,
  over: among<OverChoice>({
    everything: true,
    background: true,
    "unlocked labels": true,
    "chosen labels": true,
  }),
  overLabels: listOf(isText),
  eraseActiveOnly: isFlag,
  growLimitMm: within("growLimitMm"),
  growTolerance: within("growTolerance"),
  growWithin: among({ slice: true, volume: true }),
  fill: within("fill"),
  outline: within("outline"),
  arrangement: among<Arrangement>({
    "three planes": true,
    "one plane": true,
    "two sequences": true,
    "four sequences": true,
  }),
  plane: among<Plane>({ axial: true, coronal: true, sagittal: true }),
  compared: listOf(isText),
  surface: isFlag,
  folded: listOf(among<Foldable>({ regions: true, lesions: true, operations: true, limits: true })),
  guidesShown: listOf(isText),
  probabilityAtLeast: within("probabilityAtLeast"),
  convention: among<Convention>({ radiological: true, neurological: true }),
  keys: isKeys,
  operation: among<OperationId>({
    "between slices": true,
    "copy to next": true,
    "copy to previous": true,
    "fill holes": true,
    "remove islands": true,
    smooth: true,
    dilate: true,
    erode: true,
    combine: true,
    swap: true,
    revert: true,
  }),
  partAction: among<PartAction>({ relabel: true, keep: true, empty: true, revert: true }),
  lassoAction: among<LassoAction>({ draw: true, revert: true }),
  holesIn: among({ slice: true, "every slice": true, volume: true }),
  holesInside: among({ empty: true, "any label": true }),
  islandsBelow: within("islandsBelow"),
  islandsUnit: among({ ml: true, voxels: true }),
  smoothBy: among({ gaussian: true, median: true }),
  smoothMm: within("smoothMm"),
  medianMm: within("medianMm"),
  marginMm: within("marginMm"),
  combineHow: among({ union: true, intersect: true, subtract: true }),
  combineWith: isText,
  swapWith: isText,
  revertWhere: among({ slice: true, box: true, label: true }),
  revertBoxMm: within("revertBoxMm"),
  scribbleMm: within("scribbleMm"),
  cutMarginMm: within("cutMarginMm"),
  cutSequences: among({ shown: true, all: true }),
};
