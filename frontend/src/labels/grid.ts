/** The voxel grid that images and labels share: shape, spacing in mm and the way to patient coordinates. */

/** Three numbers along (x, y, z). */
export type Vec3 = readonly [number, number, number];

/** Voxel axes: 0 is x (left to right), 1 is y (back to front), 2 is z (feet to head). */
export type Axis = 0 | 1 | 2;

/** A 4×4 matrix by rows: voxel index to millimetres, RAS+. */
export type Affine = readonly (readonly number[])[];

/** A canonical (closest to RAS) grid. Index = x + y·nx + z·nx·ny. */
export interface Grid {
  readonly shape: Vec3;
  readonly affine: Affine;
  /** Voxel size in mm along (x, y, z). */
  readonly spacing: Vec3;
  /** Number of voxels. */
  readonly size: number;
  /** Volume of one voxel in ml. */
  readonly voxelMl: number;
}

/** Make a grid. Raises RangeError when the shape is not three positive whole numbers or the affine is flat. */
export function makeGrid(shape: readonly number[], affine: Affine): Grid {
  const [nx = 0, ny = 0, nz = 0] = shape;
  if (shape.length !== 3 || ![nx, ny, nz].every((n) => Number.isInteger(n) && n > 0)) {
    throw new RangeError(`A grid needs three positive whole numbers, got ${shape.join("×")}.`);
  }
  const spacing: Vec3 = [column(affine, 0), column(affine, 1), column(affine, 2)];
  if (!spacing.every((mm) => Number.isFinite(mm) && mm > 0)) {
    throw new RangeError("The affine of the grid has an axis without length.");
  }
  const voxelMl = (spacing[0] * spacing[1] * spacing[2]) / 1000;
  return { shape: [nx, ny, nz], affine, spacing, size: nx * ny * nz, voxelMl };
}

function column(affine: Affine, axis: Axis): number {
  return Math.hypot(at(affine, 0, axis), at(affine, 1, axis), at(affine, 2, axis));
}

function at(affine: Affine, row: number, col: number): number {
  return affine[row]?.[col] ?? Number.NaN;
}

/** Return the millimetres (RAS+) of a voxel position; whole numbers are voxel centres. */
export function voxelToMm({ affine }: Grid, [x, y, z]: Vec3): Vec3 {
  const row = (r: number) =>
    at(affine, r, 0) * x + at(affine, r, 1) * y + at(affine, r, 2) * z + at(affine, r, 3);
  return [row(0), row(1), row(2)];
}

/** Return the index of a voxel, or -1 outside the grid. */
export function indexOf({ shape: [nx, ny, nz] }: Grid, [x, y, z]: Vec3): number {
  if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) return -1;
  return x + y * nx + z * nx * ny;
}

/** Return the voxel of an index. */
export function voxelOf({ shape: [nx, ny] }: Grid, index: number): Vec3 {
  const z = Math.floor(index / (nx * ny));
  const rest = index - z * nx * ny;
  const y = Math.floor(rest / nx);
  return [rest - y * nx, y, z];
}

/** Return the voxel whose centre is nearest to a position, kept inside the grid. */
export function nearestVoxel({ shape }: Grid, position: Vec3): Vec3 {
  const keep = (value: number, n: number) => Math.min(n - 1, Math.max(0, Math.round(value)));
  return [keep(position[0], shape[0]), keep(position[1], shape[1]), keep(position[2], shape[2])];
}

/** True when both affines place every corner of the shape within the tolerance in mm. */
export function sameGeometry(a: Grid, b: Grid, toleranceMm = 0.1): boolean {
  if (a.shape.some((n, axis) => n !== b.shape[axis])) return false;
  const [nx, ny, nz] = a.shape;
  for (const corner of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const voxel: Vec3 = [corner & 1 ? nx - 1 : 0, corner & 2 ? ny - 1 : 0, corner & 4 ? nz - 1 : 0];
    const p = voxelToMm(a, voxel);
    const q = voxelToMm(b, voxel);
    if (Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > toleranceMm) return false;
  }
  return true;
}
