/** Scribbles: temporary marks of what is lesion and what is not, from which grow-cut finds the border. */
import {
  BACKGROUND,
  type Box,
  dab,
  dabAlong,
  FOREGROUND,
  type Grid,
  LabelStore,
  makeGrid,
  Stroke,
  union,
  type Vec3,
  wholeGrid,
} from "@/labels";
import type { Gesture, Sample } from "./tool";

/** One mark: a line of this radius in the slice where it was drawn. */
export interface Scribble {
  readonly foreground: boolean;
  readonly axis: Sample["axis"];
  readonly radiusMm: number;
  readonly points: readonly Vec3[];
}

/** Begin a mark at the sample; `done` gets it when it is finished. It changes no label. */
export function beginScribble(
  {
    foreground,
    radiusMm,
    done,
  }: Pick<Scribble, "foreground" | "radiusMm"> & { done: (scribble: Scribble) => void },
  start: Sample,
): Gesture {
  let points: readonly Vec3[] = [start.position];
  return {
    get outline() {
      return points;
    },
    move(sample) {
      if (sample.axis === start.axis) points = [...points, sample.position];
    },
    written: () => null,
    finish() {
      done({ foreground, radiusMm, axis: start.axis, points });
      return null;
    },
  };
}

/** Return the box of voxels around all marks, made larger by a margin and kept inside the grid; null without marks. */
export function boxOfScribbles(grid: Grid, scribbles: readonly Scribble[], marginMm: number): Box | null {
  let box: Box | null = null;
  for (const { points, radiusMm } of scribbles) {
    for (const [x, y, z] of points) {
      const [rx, ry, rz] = grid.spacing.map((mm) => (radiusMm + marginMm) / mm) as [number, number, number];
      box = union(box, {
        low: [Math.floor(x - rx), Math.floor(y - ry), Math.floor(z - rz)],
        high: [Math.ceil(x + rx), Math.ceil(y + ry), Math.ceil(z + rz)],
      });
    }
  }
  return box && within(box, wholeGrid(grid));
}

function within({ low, high }: Box, whole: Box): Box {
  const keep = (value: number, axis: 0 | 1 | 2) =>
    Math.min(whole.high[axis], Math.max(whole.low[axis], value));
  return {
    low: [keep(low[0], 0), keep(low[1], 1), keep(low[2], 2)],
    high: [keep(high[0], 0), keep(high[1], 1), keep(high[2], 2)],
  };
}

/** Return the marks in the voxels of the box: FOREGROUND, BACKGROUND or 0. A later mark covers an earlier one. */
export function marksIn(grid: Grid, { low, high }: Box, scribbles: readonly Scribble[]): Uint8Array {
  const shape = [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
  const part = makeGrid(shape, grid.affine);
  const store = new LabelStore(part, 1, new Uint8Array(part.size));
  const inBox = ([x, y, z]: Vec3): Vec3 => [x - low[0], y - low[1], z - low[2]];
  for (const { foreground, axis, radiusMm, points } of scribbles) {
    const label = foreground ? FOREGROUND : BACKGROUND;
    const stroke = new Stroke(store, 0, { label, over: "everything", locked: new Set(), gate: null });
    const brush = { radiusMm, axis };
    points.forEach((point, n) => {
      if (n === 0) dab(stroke, brush, inBox(point));
      else dabAlong(stroke, brush, { from: inBox(points[n - 1] as Vec3), to: inBox(point) });
    });
  }
  return store.layer(0);
}
