/** Local means with their width in mm, true on any spacing: by a Gaussian, or in a ball. */
import { eachLine } from "./crop";
import type { Vec3 } from "./grid";

/** How many standard deviations of the Gaussian are used to each side. */
export const TRUNCATED_AT = 3;

/** Return the weights of a Gaussian along one axis, from its middle outwards, with the sum of both sides 1. */
export function gaussianWeights(sigmaMm: number, spacing: number): Float64Array {
  const reach = Math.ceil((TRUNCATED_AT * sigmaMm) / spacing);
  const weights = Float64Array.from({ length: reach + 1 }, (_, i) =>
    Math.exp(-((i * spacing) ** 2) / (2 * sigmaMm * sigmaMm)),
  );
  const sum = weights.reduce((total, weight) => total + 2 * weight, -(weights[0] as number));
  return weights.map((weight) => weight / sum);
}

/** Blur in place along all axes; beyond the border the outermost voxel goes on. `sigmaMm` is above 0. */
export function blur(
  values: Float32Array,
  shape: Vec3,
  { spacing, sigmaMm }: { spacing: Vec3; sigmaMm: number },
): void {
  const strides = [1, shape[0], shape[0] * shape[1]] as const;
  for (const axis of [0, 1, 2] as const) {
    const n = shape[axis];
    const stride = strides[axis];
    const weights = gaussianWeights(sigmaMm, spacing[axis]);
    const reach = weights.length - 1;
    const line = new Float32Array(n + 2 * reach);
    eachLine(shape, axis, (start) => {
      for (let i = 0; i < line.length; i++) {
        line[i] = values[start + Math.min(n - 1, Math.max(0, i - reach)) * stride] as number;
      }
      for (let i = 0; i < n; i++) values[start + i * stride] = weighed(line, i + reach, weights);
    });
  }
}

function weighed(line: Float32Array, middle: number, weights: Float64Array): number {
  let sum = (line[middle] as number) * (weights[0] as number);
  for (let i = 1; i < weights.length; i++) {
    sum += ((line[middle - i] as number) + (line[middle + i] as number)) * (weights[i] as number);
  }
  return sum;
}

/** One line of a ball along x: its offset along y and z, and how far it reaches to both sides. */
interface BallLine {
  readonly dy: number;
  readonly dz: number;
  readonly reach: number;
}

function linesOfBall(radiusMm: number, [sx, sy, sz]: Vec3): BallLine[] {
  const square = radiusMm * radiusMm + 1e-6;
  const [reachY, reachZ] = [Math.floor(Math.sqrt(square) / sy), Math.floor(Math.sqrt(square) / sz)];
  const lines: BallLine[] = [];
  for (let dz = -reachZ; dz <= reachZ; dz++) {
    for (let dy = -reachY; dy <= reachY; dy++) {
      const left = square - (dy * sy) ** 2 - (dz * sz) ** 2;
      if (left >= 0) lines.push({ dy, dz, reach: Math.floor(Math.sqrt(left) / sx) });
    }
  }
  return lines;
}

/**
 * Return, for each voxel, the part of the voxels within a radius of it (mm, between centres) that the mask (0 or 1) has.
 * Beyond the border there are no voxels.
 */
export function ballPart(
  mask: Uint8Array,
  [nx, ny, nz]: Vec3,
  { spacing, radiusMm }: { spacing: Vec3; radiusMm: number },
): Float32Array {
  const lines = linesOfBall(radiusMm, spacing);
  const sums = lineSums(mask, nx);
  const part = new Float32Array(mask.length);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const inside = lines.filter(({ dy, dz }) => y + dy >= 0 && y + dy < ny && z + dz >= 0 && z + dz < nz);
      for (let x = 0; x < nx; x++) {
        let [found, all] = [0, 0];
        for (const { dy, dz, reach } of inside) {
          const row = (y + dy + (z + dz) * ny) * (nx + 1);
          const [from, to] = [Math.max(0, x - reach), Math.min(nx, x + reach + 1)];
          found += (sums[row + to] as number) - (sums[row + from] as number);
          all += to - from;
        }
        part[x + (y + z * ny) * nx] = found / all;
      }
    }
  }
  return part;
}

/** Running sums along x, one more than voxels in each line. */
function lineSums(mask: Uint8Array, nx: number): Int32Array {
  const rows = mask.length / nx;
  const sums = new Int32Array(rows * (nx + 1));
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < nx; x++) {
      sums[row * (nx + 1) + x + 1] = (sums[row * (nx + 1) + x] as number) + (mask[row * nx + x] as number);
    }
  }
  return sums;
}
