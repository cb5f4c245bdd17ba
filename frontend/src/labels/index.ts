/** The room's door: what other rooms use of the label engine. */
export { type ContourInterpolation, fillBetweenSlices } from "./betweenSlices";
export { type Box, union, wholeGrid } from "./box";
export { findBrain } from "./brain";
export { type Brush, dab, dabAlong } from "./brush";
export {
  type Components,
  type Connectivity,
  classTable,
  componentAt,
  componentSizes,
  findComponents,
  voxelsOf,
} from "./components";
export { type Contour, contoursOf, type LabelOutline, outlinesOf, type Slice, sliceAt } from "./contour";
export type { Diameter } from "./diameter";
export {
  countEdit,
  difference,
  type EditCounts,
  type PackedEdit,
  packEdit,
  unpackEdit,
  without,
} from "./edit";
export {
  type Affine,
  type Axis,
  type Grid,
  indexOf,
  makeGrid,
  nearestVoxel,
  sameGeometry,
  type Vec3,
  voxelOf,
  voxelToMm,
} from "./grid";
export { type GrowClick, growQuery } from "./grow";
export { BACKGROUND, channelIn, FOREGROUND, type GrowCut, growCut } from "./growcut";
export {
  type EditStatistics,
  type FoldingLimits,
  History,
  NEAR,
  type Squeeze,
  type Step,
  type StepNames,
  summarise,
} from "./history";
export { inflate } from "./inflate";
export { findLesions, type Lesion, type LesionQuery } from "./lesions";
export type { Combination, OtherMask } from "./masks";
export { type Operation, operate } from "./operations";
export { packLabels, unpackLabels } from "./pack";

export type { HoleQuery, RevertWhere } from "./parts";
export { fillPolygon, inPlane, voxelsInPolygon } from "./polygon";
export { type Admitted, admit, type Proposal, packProposal, propose, type Scene } from "./proposal";
export {
  allowedOver,
  type Gate,
  type Intensities,
  intensityAt,
  type Limits,
  type PaintOver,
  type PaintRule,
  rawGate,
} from "./rule";
export type { Smoothing } from "./smooth";
export { type Change, LabelStore } from "./store";
export { Stroke } from "./stroke";
export { type Surface, surfaceOf, volumeInside } from "./surface";
export { type LabelPlace, UnionCount } from "./unionCount";
