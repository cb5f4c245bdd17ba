/** The largest diameter of a set of voxels: exact, by the corners of each slice's convex hull. */
import type { Vec3 } from "./grid";

/** A distance in mm and the two voxels that are so far apart. */
export interface Diameter {
  readonly mm: number;
  readonly ends: readonly [Vec3, Vec3];
}

/** A slice's hull: its corners in mm as x, y pairs, and the box around them. */
interface Hull {
  readonly z: number;
  readonly points: Float64Array;
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

/**
 * Collects rows of voxels and finds the two voxel centres that are farthest apart in mm. Only corners of the convex
 * hull can be; those are corners of their slice's hull too, and ends of their row.
 */
export class LongestDistance {
  readonly #spacing: Vec3;
  /** Rows as x0, x1, y, z. */
  readonly #rows: number[] = [];

  constructor(spacing: Vec3) {
    this.#spacing = spacing;
  }

  /** Take the voxels x0 … x1 of one row. Rows come in the order of their voxels' indices. */
  addRow(x0: number, x1: number, y: number, z: number): void {
    const rows = this.#rows;
    const end = rows.length;
    if (rows[end - 2] === y && rows[end - 1] === z) rows[end - 3] = x1;
    else rows.push(x0, x1, y, z);
  }

  /** Return the longest distance; of a single voxel it is 0. */
  longest(): Diameter {
    let best = { square: -1, a: [0, 0, 0] as Vec3, b: [0, 0, 0] as Vec3 };
    for (const pair of likelyFirst(this.#hulls())) {
      if (pair.bound <= best.square) break;
      best = farthest(pair.a, pair.b, best);
    }
    const voxel = ([x, y, z]: Vec3): Vec3 => [
      Math.round(x / this.#spacing[0]),
      Math.round(y / this.#spacing[1]),
      Math.round(z / this.#spacing[2]),
    ];
    return { mm: Math.sqrt(Math.max(0, best.square)), ends: [voxel(best.a), voxel(best.b)] };
  }

  #hulls(): Hull[] {
    const rows = this.#rows;
    const hulls: Hull[] = [];
    for (let from = 0; from < rows.length; ) {
      let to = from + 4;
      while (to < rows.length && rows[to + 3] === rows[from + 3]) to += 4;
      hulls.push(hullOf(rows.slice(from, to), this.#spacing));
      from = to;
    }
    return hulls;
  }
}

/** The rows of one slice, by y. */
function hullOf(rows: readonly number[], [sx, sy, sz]: Vec3): Hull {
  const points: number[] = [];
  for (let row = 0; row < rows.length; row += 4) {
    const [x0, x1, y] = [rows[row] as number, rows[row + 1] as number, (rows[row + 2] as number) * sy];
    points.push(x0 * sx, y);
    if (x0 !== x1) points.push(x1 * sx, y);
  }
  const chain = convexHull(points);
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (let i = 0; i < chain.length; i += 2) {
    const [x, y] = [chain[i] as number, chain[i + 1] as number];
    low[0] = Math.min(low[0], x);
    low[1] = Math.min(low[1], y);
    high[0] = Math.max(high[0], x);
    high[1] = Math.max(high[1], y);
  }
  return { z: (rows[3] as number) * sz, points: Float64Array.from(chain), low, high };
}

/** Andrew's monotone chain over x, y pairs sorted by y, then x; points on an edge are left out. */
function convexHull(points: readonly number[]): readonly number[] {
  if (points.length < 6) return points;
  return [...halfHull(points, 1), ...halfHull(points, -1)];
}

function halfHull(points: readonly number[], direction: 1 | -1): number[] {
  const chain: number[] = [];
  for (let n = 0; n < points.length; n += 2) {
    const i = direction === 1 ? n : points.length - 2 - n;
    const [x, y] = [points[i] as number, points[i + 1] as number];
    while (chain.length > 2 && turn(chain, x, y) >= 0) chain.length -= 2;
    chain.push(x, y);
  }
  chain.length -= 2;
  return chain;
}

/** Which way the last edge of the chain turns to go on to the point. */
function turn(chain: readonly number[], x: number, y: number): number {
  const end = chain.length;
  const [ox, oy] = [chain[end - 4] as number, chain[end - 3] as number];
  const [ax, ay] = [chain[end - 2] as number, chain[end - 1] as number];
  return (ax - ox) * (y - oy) - (ay - oy) * (x - ox);
}

/** All pairs of slices with the square of the greatest distance that their boxes allow, the greatest first. */
function likelyFirst(hulls: readonly Hull[]): { a: Hull; b: Hull; bound: number }[] {
  const pairs: { a: Hull; b: Hull; bound: number }[] = [];
  hulls.forEach((a, n) => {
    for (let m = n; m < hulls.length; m++) {
      const b = hulls[m] as Hull;
      const dx = Math.max(a.high[0] - b.low[0], b.high[0] - a.low[0]);
      const dy = Math.max(a.high[1] - b.low[1], b.high[1] - a.low[1]);
      const dz = a.z - b.z;
      pairs.push({ a, b, bound: dx * dx + dy * dy + dz * dz });
    }
  });
  return pairs.sort((p, q) => q.bound - p.bound);
}

function farthest(
  a: Hull,
  b: Hull,
  best: { square: number; a: Vec3; b: Vec3 },
): { square: number; a: Vec3; b: Vec3 } {
  const dz = (a.z - b.z) * (a.z - b.z);
  let { square } = best;
  let [i0, j0] = [-1, -1];
  for (let i = 0; i < a.points.length; i += 2) {
    const [x, y] = [a.points[i] as number, a.points[i + 1] as number];
    for (let j = 0; j < b.points.length; j += 2) {
      const dx = x - (b.points[j] as number);
      const dy = y - (b.points[j + 1] as number);
      const length = dx * dx + dy * dy + dz;
      if (length <= square) continue;
      square = length;
      [i0, j0] = [i, j];
    }
  }
  if (i0 < 0) return best;
  return {
    square,
    a: [a.points[i0] as number, a.points[i0 + 1] as number, a.z],
    b: [b.points[j0] as number, b.points[j0 + 1] as number, b.z],
  };
}
