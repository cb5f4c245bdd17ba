/** The parameters of the operations, as a person set them last. */
import type { Combination, Smoothing } from "@/labels";

/** The operations of the menu. */
export type OperationId =
  | "between slices"
  | "copy to next"
  | "copy to previous"
  | "fill holes"
  | "remove islands"
  | "smooth"
  | "dilate"
  | "erode"
  | "combine"
  | "swap"
  | "revert";

/** What a click of the part tool does with the connected part under it. */
export type PartAction = "relabel" | "keep" | "empty" | "revert";

/** What the lasso does with the area that it goes round. */
export type LassoAction = "draw" | "revert";

export interface OperationSettings {
  /** The one whose parameters are shown. */
  readonly operation: OperationId;
  readonly partAction: PartAction;
  readonly lassoAction: LassoAction;
  readonly holesIn: "slice" | "every slice" | "volume";
  readonly holesInside: "empty" | "any label";
  readonly islandsBelow: number;
  readonly islandsUnit: "ml" | "voxels";
  readonly smoothBy: Smoothing["by"];
  /** The Gaussian's standard deviation. */
  readonly smoothMm: number;
  /** The radius in which the median is taken. */
  readonly medianMm: number;
  readonly marginMm: number;
  readonly combineHow: Combination;
  /** The other mask, as `MaskChoice` names it. */
  readonly combineWith: string;
  /** The key of the other label. */
  readonly swapWith: string;
  readonly revertWhere: "slice" | "box" | "label";
  /** Half the side of the box round the cross, mm. */
  readonly revertBoxMm: number;
  readonly scribbleMm: number;
  /** How far round the marks grow-cut looks, mm. */
  readonly cutMarginMm: number;
  readonly cutSequences: "shown" | "all";
}

export const DEFAULT_OPERATIONS: OperationSettings = {
  operation: "between slices",
  partAction: "relabel",
  lassoAction: "draw",
  holesIn: "volume",
  holesInside: "empty",
  islandsBelow: 0.05,
  islandsUnit: "ml",
  smoothBy: "gaussian",
  smoothMm: 1,
  medianMm: 2,
  marginMm: 2,
  combineHow: "subtract",
  combineWith: "",
  swapWith: "",
  revertWhere: "slice",
  revertBoxMm: 10,
  scribbleMm: 1.5,
  cutMarginMm: 8,
  cutSequences: "shown",
};
