/** Lasso: draw round an area in one slice, by hand or from corner to corner; closing it fills it. */
import { type Axis, type Edit, fillPolygon, invert, Stroke, type Vec3 } from "@/labels";
import type { Gesture, Sample, Target } from "./tool";

/** A lasso also takes single corners, and can lose the last one. */
export interface Lasso extends Gesture {
  addCorner(sample: Sample): void;
  removeCorner(): void;
}

/** What was gone round: the corners as voxel positions, in the slice of the first. */
export interface Area {
  readonly axis: Axis;
  readonly points: readonly Vec3[];
}

/** Begin a lasso at the sample. Nothing is written before it is finished. */
export function beginLasso(target: Target, start: Sample): Lasso {
  let written: Edit | null = null;
  return beginLine(start, {
    finish({ axis, points }) {
      const stroke = new Stroke(target.store, target.layer, target.rule);
      stroke.show(fillPolygon(stroke, axis, points));
      written = stroke.finish();
      return written;
    },
    cancel() {
      if (written) target.store.apply(invert(written));
    },
  });
}

/** Begin to go round an area that something else than painting is done with, once it is closed. */
export function beginArea(start: Sample, done: (area: Area) => void): Lasso {
  return beginLine(start, {
    finish(area) {
      done(area);
      return null;
    },
    cancel: () => undefined,
  });
}

function beginLine(
  { position, axis }: Sample,
  { finish, cancel }: { finish: (area: Area) => Edit | null; cancel: () => void },
): Lasso {
  let points: Vec3[] = [position];
  const add = (sample: Sample) => {
    if (sample.axis === axis) points = [...points, sample.position];
  };
  return {
    get outline() {
      return points;
    },
    move: add,
    addCorner: add,
    removeCorner() {
      points = points.slice(0, -1);
    },
    finish: () => finish({ axis, points }),
    cancel,
  };
}
