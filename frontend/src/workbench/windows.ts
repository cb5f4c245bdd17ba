/** Window presets from the image's own percentiles, so that they fit scanners without units. */
import { type Intensities, intensityAt } from "@/labels";

/** A named window: lower and upper displayed intensity. */
export interface WindowPreset {
  readonly name: string;
  readonly window: readonly [number, number];
}

const SAMPLES = 200_000;

/**
 * Return presets from percentiles of the voxels above the darkest value (outside air is left out), from an even
 * sample. Empty when all voxels are equal.
 */
export function windowPresets(intensities: Intensities): WindowPreset[] {
  const sorted = sampleInside(intensities);
  if (sorted.length < 2 || sorted[0] === sorted[sorted.length - 1]) return [];
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number;
  return [
    { name: "Full", window: [at(0), at(0.999)] },
    { name: "Standard", window: [at(0.02), at(0.98)] },
    { name: "Soft tissue", window: [at(0.1), at(0.9)] },
    { name: "Bright lesion", window: [at(0.4), at(0.999)] },
  ];
}

function sampleInside(intensities: Intensities): Float64Array {
  const { length } = intensities.raw;
  const step = Math.max(1, Math.floor(length / SAMPLES));
  const values: number[] = [];
  let darkest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < length; index += step) {
    const value = intensityAt(intensities, index);
    if (!Number.isFinite(value)) continue;
    values.push(value);
    if (value < darkest) darkest = value;
  }
  return Float64Array.from(values.filter((value) => value > darkest)).sort();
}
