/** Lasso: draw round an area in one slice, by hand or from corner to corner; closing it does something with the area. */
import { type Axis, fillPolygon, type PackedEdit, Stroke, type Vec3 } from "@/labels";
import type { Gesture, Sample, Target } from "./tool";

/** A lasso also takes single corners, and loses the last one with what was drawn by hand after it. */
export interface Lasso extends Gesture {
  addCorner(sample: Sample): void;
  removeCorner(): void;
}

/** What was gone round: the corners as voxel positions, in the slice of the first. */
export interface Area {
  readonly axis: Axis;
  readonly points: readonly Vec3[];
}

/** Begin to go round an area at the sample. Nothing is written before it is finished; then `close` decides. */
export function beginLasso({ position, axis }: Sample, close: (area: Area) => PackedEdit | null): Lasso {
  let points: readonly Vec3[] = [position];
  let corners: readonly number[] = [0];
  const move = (sample: Sample) => {
    if (sample.axis === axis) points = [...points, sample.position];
  };
  return {
    get outline() {
      return points;
    },
    move,
    addCorner(sample) {
      corners = [...corners, points.length];
      move(sample);
    },
    removeCorner() {
      points = points.slice(0, corners.at(-1) ?? 0);
      corners = corners.slice(0, -1);
    },
    written: () => null,
    finish: () => close({ axis, points }),
  };
}

/** Write an area into the labels and return what changed, or null when nothing did. */
export function fillArea({ store, layer, rule }: Target, { axis, points }: Area): PackedEdit | null {
  const stroke = new Stroke(store, layer, rule);
  stroke.show(fillPolygon(stroke, axis, points));
  return stroke.finish();
}
