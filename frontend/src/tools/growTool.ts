/** Grow: from a click over connected voxels of similar intensity, or over one connected part of a label. */
import { type Edit, grow, type Intensities, indexOf, intensityAt, nearestVoxel, Stroke } from "@/labels";
import type { Sample, Target } from "./tool";

/** How far growing goes. Tolerance is in the sequence's own units, to both sides of the clicked voxel. */
export interface GrowOptions {
  readonly tolerance: number;
  readonly limitMm: number;
  readonly within: "slice" | "volume";
  readonly intensities: Intensities;
}

/** Fill the voxels around the sample that look like it, and return what changed, or null. */
export function growFrom(target: Target, options: GrowOptions, { position, axis }: Sample): Edit | null {
  const { store, layer, rule } = target;
  const seed = nearestVoxel(store.grid, position);
  const middle = intensityAt(options.intensities, indexOf(store.grid, seed));
  const indices = grow(store.grid, seed, {
    axis: options.within === "slice" ? axis : null,
    limitMm: options.limitMm,
    belongs: (index) => Math.abs(intensityAt(options.intensities, index) - middle) <= options.tolerance,
  });
  const stroke = new Stroke(store, layer, rule);
  for (const index of indices) stroke.paintRun(index, index);
  return showWhole(stroke);
}

function showWhole(stroke: Stroke): Edit | null {
  const edit = stroke.finish();
  if (!edit) return null;
  const { shape } = stroke.store.grid;
  stroke.show({ low: [0, 0, 0], high: [shape[0] - 1, shape[1] - 1, shape[2] - 1] });
  return edit;
}
