/** The room's door: what other rooms use of the label engine. */
export { type Box, boxOf, union, wholeGrid } from "./box";
export { type Brush, dab, dabAlong } from "./brush";
export { countEdit, difference, type Edit, type EditCounts, invert, relabel } from "./edit";
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
export { type GrowLimits, grow } from "./grow";
export { type EditStatistics, History, type Step, summarise } from "./history";
export { type PackedEdit, packEdit, packLabels, unpackEdit, unpackLabels } from "./pack";
export { fillPolygon, inPlane } from "./polygon";
export {
  allowedOver,
  type Gate,
  type Intensities,
  intensityAt,
  type PaintOver,
  type PaintRule,
  rawGate,
} from "./rule";
export { type Change, LabelStore } from "./store";
export { Stroke } from "./stroke";
