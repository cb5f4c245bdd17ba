/** Fill a polygon drawn in one slice. */
import type { Box } from "./box";
import type { Axis, Grid, Vec3 } from "./grid";
import type { Stroke } from "./stroke";

/** The two in-plane axes of a slice with this normal, in ascending order. */
export function inPlane(axis: Axis): readonly [Axis, Axis] {
  if (axis === 0) return [1, 2];
  return axis === 1 ? [0, 2] : [0, 1];
}

/**
 * Paint every voxel of one slice whose centre lies inside the polygon (even–odd rule, closed by itself).
 * `points` are voxel positions; the slice is the one nearest to the first of them. Fewer than 3 points paint nothing.
 */
export function fillPolygon(stroke: Stroke, axis: Axis, points: readonly Vec3[]): Box | null {
  return eachRunInside(stroke.store.grid.shape, { axis, points }, (first, last) =>
    stroke.paintRun(first, last),
  );
}

/** Return the voxels that `fillPolygon` would paint. */
export function voxelsInPolygon({ shape }: Grid, axis: Axis, points: readonly Vec3[]): Uint32Array {
  const found: number[] = [];
  eachRunInside(shape, { axis, points }, (first, last) => {
    for (let index = first; index <= last; index++) found.push(index);
  });
  return Uint32Array.from(found);
}

type VisitRun = (first: number, last: number) => void;

function eachRunInside(
  shape: Vec3,
  { axis, points }: { axis: Axis; points: readonly Vec3[] },
  visit: VisitRun,
): Box | null {
  const [start] = points;
  if (!start || points.length < 3) return null;
  const [u, v] = inPlane(axis);
  const slice = Math.min(shape[axis] - 1, Math.max(0, Math.round(start[axis])));
  const heights = points.map((point) => point[v]);
  const first = Math.max(0, Math.ceil(Math.min(...heights)));
  const last = Math.min(shape[v] - 1, Math.floor(Math.max(...heights)));
  for (let height = first; height <= last; height++) {
    const cuts = crossings(points, { u, v, height });
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const from = Math.max(0, Math.ceil(cuts[i] as number));
      const to = Math.min(shape[u] - 1, Math.floor(cuts[i + 1] as number));
      eachRunOfLine(shape, { axis, slice, height, from, to }, visit);
    }
  }
  return boxAround(points, { axis, slice, shape });
}

function crossings(
  points: readonly Vec3[],
  { u, v, height }: { u: Axis; v: Axis; height: number },
): number[] {
  const cuts: number[] = [];
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length] as Vec3;
    if (a[v] <= height === b[v] <= height) return;
    cuts.push(a[u] + ((height - a[v]) / (b[v] - a[v])) * (b[u] - a[u]));
  });
  return cuts.sort((a, b) => a - b);
}

interface Line {
  readonly axis: Axis;
  readonly slice: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

function eachRunOfLine([nx, ny]: Vec3, { axis, slice, height, from, to }: Line, visit: VisitRun): void {
  const strides = [1, nx, nx * ny] as const;
  const [u, v] = inPlane(axis);
  const base = slice * strides[axis] + height * strides[v];
  if (u === 0) {
    if (from <= to) visit(base + from, base + to);
    return;
  }
  for (let place = from; place <= to; place++) visit(base + place * strides[u], base + place * strides[u]);
}

function boxAround(
  points: readonly Vec3[],
  { axis, slice, shape }: { axis: Axis; slice: number; shape: Vec3 },
): Box {
  const low: [number, number, number] = [slice, slice, slice];
  const high: [number, number, number] = [slice, slice, slice];
  for (const a of inPlane(axis)) {
    low[a] = Math.max(0, Math.floor(Math.min(...points.map((point) => point[a]))));
    high[a] = Math.min(shape[a] - 1, Math.ceil(Math.max(...points.map((point) => point[a]))));
  }
  return { low, high };
}
