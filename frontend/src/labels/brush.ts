/** A round brush with its radius in mm, true on any spacing: a disc in one plane, or a sphere. */
import { type Box, union } from "./box";
import { type Axis, type Grid, nearestVoxel, type Vec3 } from "./grid";
import type { Stroke } from "./stroke";

/** The brush: `axis` is the normal of a disc's plane; a sphere has none. */
export interface Brush {
  readonly radiusMm: number;
  readonly axis: Axis | null;
}

/**
 * Paint every voxel whose centre lies within the radius of a position (voxel coordinates, fractions allowed), and
 * always the voxel under it. A disc stays in the slice nearest to the position. Returns the box looked at.
 */
export function dab(stroke: Stroke, brush: Brush, position: Vec3): Box | null {
  const { grid } = stroke.store;
  const { low, high, centre } = reach(grid, brush, position);
  const [sx, sy, sz] = grid.spacing;
  const [nx, ny] = grid.shape;
  const square = brush.radiusMm * brush.radiusMm;
  for (let z = low[2]; z <= high[2]; z++) {
    const dz = (z - centre[2]) * sz;
    for (let y = low[1]; y <= high[1]; y++) {
      const dy = (y - centre[1]) * sy;
      const rest = square - dz * dz - dy * dy;
      if (rest < 0) continue;
      const half = Math.sqrt(rest) / sx;
      const first = Math.max(low[0], Math.ceil(centre[0] - half));
      const last = Math.min(high[0], Math.floor(centre[0] + half));
      const row = y * nx + z * nx * ny;
      if (first <= last) stroke.paintRun(row + first, row + last);
    }
  }
  const under = nearestVoxel(grid, position);
  const index = under[0] + under[1] * nx + under[2] * nx * ny;
  stroke.paintRun(index, index);
  const empty = low.some((from, axis) => from > (high[axis] as number));
  return union(empty ? null : { low, high }, { low: under, high: under });
}

function reach(
  grid: Grid,
  { radiusMm, axis }: Brush,
  position: Vec3,
): { low: Vec3; high: Vec3; centre: Vec3 } {
  const low: [number, number, number] = [0, 0, 0];
  const high: [number, number, number] = [0, 0, 0];
  const centre: [number, number, number] = [position[0], position[1], position[2]];
  for (const a of [0, 1, 2] as const) {
    const n = grid.shape[a];
    if (a === axis) {
      const slice = Math.min(n - 1, Math.max(0, Math.round(position[a])));
      low[a] = slice;
      high[a] = slice;
      centre[a] = slice;
      continue;
    }
    const half = radiusMm / grid.spacing[a];
    low[a] = Math.max(0, Math.ceil(position[a] - half));
    high[a] = Math.min(n - 1, Math.floor(position[a] + half));
  }
  return { low, high, centre };
}

/** Paint from one position to the next without gaps: dabs at a quarter of the radius, or half a voxel if smaller. */
export function dabAlong(stroke: Stroke, brush: Brush, { from, to }: { from: Vec3; to: Vec3 }): Box | null {
  const { spacing } = stroke.store.grid;
  const length = Math.hypot(
    (to[0] - from[0]) * spacing[0],
    (to[1] - from[1]) * spacing[1],
    (to[2] - from[2]) * spacing[2],
  );
  const step = Math.max(brush.radiusMm / 4, Math.min(...spacing) / 2);
  const count = Math.max(1, Math.ceil(length / step));
  let box: Box | null = null;
  for (let i = 1; i <= count; i++) {
    const t = i / count;
    const position: Vec3 = [
      from[0] + (to[0] - from[0]) * t,
      from[1] + (to[1] - from[1]) * t,
      from[2] + (to[2] - from[2]) * t,
    ];
    box = union(box, dab(stroke, brush, position));
  }
  return box;
}
