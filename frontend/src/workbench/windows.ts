/** Window presets from the image's own percentiles, so that they fit scanners without units. */
import { type Intensities, intensityAt } from "@/labels";

/** A named window: lower and upper displayed intensity. */
export interface WindowPreset {
  readonly name: string;
  readonly window: readonly [number, number];
}

/**
 * How a person windowed a sequence: by a preset, or by hand as parts of the window that was prepared for the image
 * (0 is its black, 1 its white). Neither has units, so that both fit the next case too.
 */
export type WindowChoice =
  | { readonly preset: string }
  | { readonly parts: readonly [low: number, high: number] };

const SAMPLES = 50_000;

/** Return a window so many times as wide, about the same middle. */
export function widened([low, high]: WindowPreset["window"], times: number): WindowPreset["window"] {
  const more = ((high - low) * (times - 1)) / 2;
  return [low - more, high + more];
}

/** Return a window moved by a part of its width: upwards the picture gets darker. */
export function raised([low, high]: WindowPreset["window"], part: number): WindowPreset["window"] {
  const step = (high - low) * part;
  return [low + step, high + step];
}

/** Return the name under which the choice for a sequence of a study is kept. */
export function windowKey(study: number, sequence: string): string {
  return `${study} ${sequence}`;
}

/** Return a window as parts of the prepared one. */
export function partsOf(window: WindowPreset["window"], prepared: WindowPreset["window"]): WindowChoice {
  const width = prepared[1] - prepared[0] || 1;
  return { parts: [(window[0] - prepared[0]) / width, (window[1] - prepared[0]) / width] };
}

/** Return the window of a choice on an image; the prepared one without a choice or while its presets are unknown. */
export function windowOf(
  choice: WindowChoice | undefined,
  prepared: WindowPreset["window"],
  presets: readonly WindowPreset[],
): WindowPreset["window"] {
  if (!choice) return prepared;
  if ("preset" in choice) return presets.find(({ name }) => name === choice.preset)?.window ?? prepared;
  const width = prepared[1] - prepared[0];
  const [low, high] = choice.parts;
  return [prepared[0] + low * width, prepared[0] + high * width];
}

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
