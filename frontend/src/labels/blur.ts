/** Gaussian blur with its width in mm, true on any spacing. */
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
