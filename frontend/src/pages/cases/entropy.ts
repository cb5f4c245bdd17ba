/** The colours of a disagreement map: dark where nearly everybody agrees, bright where opinions are divided evenly. */

/** Colours from low to high; each is lighter than the one before, so that it reads in grey too. */
const STOPS: readonly string[] = ["#3b0f70", "#8c2981", "#de4968", "#fe9f6d", "#fcfdbf"];

/** The highest step of a map: what it stands for is said with the map. */
export const STEPS = 255;

/** The same colours for a bar beside the picture. */
export const GRADIENT = `linear-gradient(to right, ${STOPS.join(", ")})`;

/** Return the colour of a share of the highest value, 0 to 1. */
export function colourOf(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(place));
  const [low, high] = [channels(STOPS[below]), channels(STOPS[below + 1])];
  const part = place - below;
  const mixed = low.map((value, index) => Math.round(value + ((high[index] ?? 0) - value) * part));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Return the colour of every step above 0. */
export function colourSteps(): ReadonlyMap<number, string> {
  return new Map(Array.from({ length: STEPS }, (_, index) => [index + 1, colourOf((index + 1) / STEPS)]));
}

function channels(colour = "#000000"): readonly number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
