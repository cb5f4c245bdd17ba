/** The surface of a label as triangles: dual to the voxels' faces, smoothed without leaving the voxels it separates. */
import type { Grid, Vec3 } from "./grid";
import { voxelToMm } from "./grid";

/** Closed triangles in mm (RAS+). Seen from outside, the corners of a triangle run counter-clockwise. */
export interface Surface {
  /** x, y, z of each vertex. */
  readonly positions: Float32Array;
  /** Unit vectors that point outwards, one per vertex. */
  readonly normals: Float32Array;
  /** Three vertex numbers per triangle. */
  readonly triangles: Uint32Array;
}

/** Taubin's pair (1995): a step that smooths, then a slightly longer one back, so that the volume stays. */
const SMOOTH = 0.5;
const UNSHRINK = -0.53;
const ROUNDS = 10;

/**
 * Return the surface of one label of a layer; without triangles when no voxel has it. Vertices lie between eight
 * voxel centres (surface nets, Gibson 1998) and stay there while they are smoothed, so that no part moves by more
 * than half a voxel along any axis. Voxels at the border of the grid are closed off.
 */
export function surfaceOf(grid: Grid, labels: Uint8Array, value: number): Surface {
  const cells = cellsOf(grid, labels, value);
  if (!cells)
    return { positions: new Float32Array(), normals: new Float32Array(), triangles: new Uint32Array() };
  const { places, quads } = build(cells);
  smooth(places, neighboursOf(quads, places.length / 3));
  const positions = toMm(grid, places, cells.low);
  const triangles = split(quads, determinant(grid) < 0);
  return { positions, normals: normalsOf(positions, triangles), triangles };
}

/** Return the volume inside closed triangles in ml, by the divergence theorem. */
export function volumeInside({ positions, triangles }: Surface): number {
  let sixfold = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((corner) => 3 * (triangles[t + corner] as number)) as [
      number,
      number,
      number,
    ];
    const [ax, ay, az] = vectorAt(positions, a);
    const [bx, by, bz] = vectorAt(positions, b);
    const [cx, cy, cz] = vectorAt(positions, c);
    sixfold += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return sixfold / 6000;
}

/** The label's box with one voxel of air around it: 1 inside, 0 outside. */
interface Cells {
  readonly inside: Uint8Array;
  readonly shape: Vec3;
  /** The grid voxel of the box's first voxel; -1 where the air lies outside the grid. */
  readonly low: Vec3;
}

function cellsOf({ shape: [nx, ny, nz] }: Grid, labels: Uint8Array, value: number): Cells | null {
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  const widen = (axis: number, at: number) => {
    low[axis] = Math.min(low[axis] as number, at);
    high[axis] = Math.max(high[axis] as number, at);
  };
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = labels.subarray((z * ny + y) * nx, (z * ny + y + 1) * nx);
      const first = row.indexOf(value);
      if (first < 0) continue;
      widen(0, first);
      widen(0, row.lastIndexOf(value));
      widen(1, y);
      widen(2, z);
    }
  }
  if (high[0] === -1) return null;
  const [lx, ly, lz] = low as [number, number, number];
  const [hx, hy, hz] = high as [number, number, number];
  const shape: Vec3 = [hx - lx + 3, hy - ly + 3, hz - lz + 3];
  const inside = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let z = lz; z <= hz; z++) {
    for (let y = ly; y <= hy; y++) {
      const to = ((z - lz + 1) * shape[1] + (y - ly + 1)) * shape[0] + 1 - lx;
      const from = (z * ny + y) * nx;
      for (let x = lx; x <= hx; x++) if (labels[from + x] === value) inside[to + x] = 1;
    }
  }
  return { inside, shape, low: [lx - 1, ly - 1, lz - 1] };
}

/** Growing lists of numbers; plain arrays of a million numbers are slow to convert. */
class Numbers {
  #values = new Float64Array(1024);
  length = 0;

  push(...values: readonly number[]): void {
    if (this.length + values.length > this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    for (const value of values) this.#values[this.length++] = value;
  }

  done(): Float64Array {
    return this.#values.slice(0, this.length);
  }
}

/** Put a vertex between eight voxels that differ, and a quad across each pair of neighbours that differ. */
function build({ inside, shape: [nx, ny] }: Cells): { places: Float64Array; quads: Uint32Array } {
  const steps = [1, nx, nx * ny] as const;
  const vertexOf = new Int32Array(inside.length).fill(-1);
  const places = new Numbers();
  const quads = new Numbers();
  const vertex = (cell: number): number => {
    const known = vertexOf[cell] as number;
    if (known >= 0) return known;
    const z = Math.floor(cell / steps[2]);
    const y = Math.floor((cell - z * steps[2]) / nx);
    vertexOf[cell] = places.length / 3;
    places.push(cell - z * steps[2] - y * nx + 0.5, y + 0.5, z + 0.5);
    return vertexOf[cell] as number;
  };
  for (let axis = 0; axis < 3; axis++) {
    const step = steps[axis] as number;
    const [u, v] = [steps[(axis + 1) % 3] as number, steps[(axis + 2) % 3] as number];
    const last = inside.length - step;
    for (let voxel = 0; voxel < last; voxel++) {
      if (inside[voxel] === inside[voxel + step]) continue;
      // The four cells around the pair, named by their first voxel; air around the label keeps them in the box.
      const around = [voxel - u - v, voxel - v, voxel, voxel - u].map(vertex) as [
        number,
        number,
        number,
        number,
      ];
      const [a, b, c, d] = around;
      if (inside[voxel] === 1) quads.push(a, b, c, d);
      else quads.push(d, c, b, a);
    }
  }
  return { places: places.done(), quads: Uint32Array.from(quads.done()) };
}

/** Each vertex's neighbours along the quads' sides, at most six, as slots that are -1 where there is none. */
function neighboursOf(quads: Uint32Array, vertices: number): Int32Array {
  const slots = new Int32Array(vertices * 6).fill(-1);
  const note = (from: number, to: number) => {
    for (let slot = from * 6; slot < from * 6 + 6; slot++) {
      if (slots[slot] === to) return;
      if (slots[slot] === -1) {
        slots[slot] = to;
        return;
      }
    }
  };
  for (let q = 0; q < quads.length; q += 4) {
    for (let side = 0; side < 4; side++) {
      const from = quads[q + side] as number;
      const to = quads[q + ((side + 1) % 4)] as number;
      note(from, to);
      note(to, from);
    }
  }
  return slots;
}

/** Move the vertices towards the middle of their neighbours and back, in place, each within its own cell. */
function smooth(places: Float64Array, neighbours: Int32Array): void {
  const home = places.slice();
  const before = new Float64Array(places.length);
  for (let round = 0; round < ROUNDS * 2; round++) {
    const weight = round % 2 === 0 ? SMOOTH : UNSHRINK;
    before.set(places);
    for (let vertex = 0; vertex < places.length / 3; vertex++) {
      for (let axis = 0; axis < 3; axis++) {
        const at = vertex * 3 + axis;
        const moved = (before[at] as number) + weight * pull(before, neighbours, { vertex, axis });
        const middle = home[at] as number;
        places[at] = Math.min(middle + 0.5, Math.max(middle - 0.5, moved));
      }
    }
  }
}

function pull(
  places: Float64Array,
  neighbours: Int32Array,
  { vertex, axis }: { vertex: number; axis: number },
): number {
  let sum = 0;
  let count = 0;
  for (let slot = vertex * 6; slot < vertex * 6 + 6; slot++) {
    const other = neighbours[slot] as number;
    if (other < 0) break;
    sum += places[other * 3 + axis] as number;
    count++;
  }
  return count === 0 ? 0 : sum / count - (places[vertex * 3 + axis] as number);
}

function toMm(grid: Grid, places: Float64Array, low: Vec3): Float32Array {
  const positions = new Float32Array(places.length);
  for (let at = 0; at < places.length; at += 3) {
    const [x, y, z] = vectorAt(places, at);
    positions.set(voxelToMm(grid, [x + low[0], y + low[1], z + low[2]]), at);
  }
  return positions;
}

/** Negative where the grid is a mirror image of the patient; triangles then have to be turned over. */
function determinant({ affine }: Grid): number {
  const m = (row: number, column: number) => affine[row]?.[column] ?? 0;
  return (
    m(0, 0) * (m(1, 1) * m(2, 2) - m(1, 2) * m(2, 1)) -
    m(0, 1) * (m(1, 0) * m(2, 2) - m(1, 2) * m(2, 0)) +
    m(0, 2) * (m(1, 0) * m(2, 1) - m(1, 1) * m(2, 0))
  );
}

function split(quads: Uint32Array, isMirrored: boolean): Uint32Array {
  const triangles = new Uint32Array((quads.length / 4) * 6);
  const order = isMirrored ? [0, 2, 1, 0, 3, 2] : [0, 1, 2, 0, 2, 3];
  for (let q = 0; q < quads.length / 4; q++)
    for (let n = 0; n < 6; n++) triangles[q * 6 + n] = quads[q * 4 + (order[n] as number)] as number;
  return triangles;
}

/** Unit normals of the vertices: of the triangles around each, weighted by their area. */
function normalsOf(positions: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [0, 1, 2].map((corner) => 3 * (triangles[t + corner] as number)) as [
      number,
      number,
      number,
    ];
    const [ax, ay, az] = vectorAt(positions, corners[0]);
    const [bx, by, bz] = vectorAt(positions, corners[1]);
    const [cx, cy, cz] = vectorAt(positions, corners[2]);
    const across: Vec3 = [
      (by - ay) * (cz - az) - (bz - az) * (cy - ay),
      (bz - az) * (cx - ax) - (bx - ax) * (cz - az),
      (bx - ax) * (cy - ay) - (by - ay) * (cx - ax),
    ];
    for (const corner of corners)
      for (const axis of [0, 1, 2] as const)
        normals[corner + axis] = (normals[corner + axis] as number) + across[axis];
  }
  for (let at = 0; at < normals.length; at += 3) {
    const [x, y, z] = vectorAt(normals, at);
    const length = Math.hypot(x, y, z) || 1;
    normals.set([x / length, y / length, z / length], at);
  }
  return normals;
}

function vectorAt(values: Float32Array | Float64Array, at: number): Vec3 {
  return [values[at] as number, values[at + 1] as number, values[at + 2] as number];
}
