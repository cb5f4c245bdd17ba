/** Lasso: draw round an area in one slice, by hand or from corner to corner; closing it fills it. */
import { type Edit, fillPolygon, invert, Stroke, type Vec3 } from "@/labels";
import type { Gesture, Sample, Target } from "./tool";

/** A lasso also takes single corners, and can lose the last one. */
export interface Lasso extends Gesture {
  addCorner(sample: Sample): void;
  removeCorner(): void;
}

/** Begin a lasso at the sample. Nothing is written before it is finished. */
export function beginLasso(target: Target, start: Sample): Lasso {
  let points: Vec3[] = [start.position];
  let written: Edit | null = null;
  return {
    get outline() {
      return points;
    },
    move(sample) {
      if (sample.axis === start.axis) points = [...points, sample.position];
    },
    addCorner(sample) {
      if (sample.axis === start.axis) points = [...points, sample.position];
    },
    removeCorner() {
      points = points.slice(0, -1);
    },
    finish() {
      const stroke = new Stroke(target.store, target.layer, target.rule);
      stroke.show(fillPolygon(stroke, start.axis, points));
      written = stroke.finish();
      return written;
    },
    cancel() {
      if (written) target.store.apply(invert(written));
    },
  };
}
