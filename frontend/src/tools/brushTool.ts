/** Brush, eraser and threshold brush: one gesture, with another rule each. */
import { type Brush, dab, dabAlong, Stroke, type Vec3 } from "@/labels";
import type { BrushShape, Gesture, Sample, Target } from "./tool";

/** How the brush is set. */
export interface BrushOptions {
  readonly radiusMm: number;
  readonly shape: BrushShape;
  /** Let a pen's pressure make the brush smaller, down to a third. */
  readonly usePressure: boolean;
}

/** Begin a stroke at the sample. */
export function beginBrush(target: Target, options: BrushOptions, start: Sample): Gesture {
  const stroke = new Stroke(target.store, target.layer, target.rule);
  let last: Vec3 = start.position;
  stroke.show(dab(stroke, brushAt(options, start), start.position));
  return {
    outline: [],
    move(sample) {
      if (sample.axis !== start.axis) return;
      stroke.show(dabAlong(stroke, brushAt(options, sample), { from: last, to: sample.position }));
      last = sample.position;
    },
    written: () => stroke.finish(),
    finish: () => stroke.finish(),
  };
}

function brushAt({ radiusMm, shape, usePressure }: BrushOptions, { axis, pressure }: Sample): Brush {
  const part = usePressure ? Math.max(1 / 3, pressure) : 1;
  return { radiusMm: radiusMm * part, axis: shape === "disc" ? axis : null };
}
