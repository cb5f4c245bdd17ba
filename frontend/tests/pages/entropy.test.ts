/** The colours of a disagreement map. */
import { expect, it } from "vitest";
import { colourOf, colourSteps, STEPS } from "@/pages/cases/entropy";

const luminance = (colour: string) =>
  [0.2126, 0.7152, 0.0722].reduce(
    (sum, weight, index) => sum + weight * Number.parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16),
    0,
  );

it("gets lighter with every step, so that it reads without colour", () => {
  const steps = [...colourSteps()];
  expect(steps).toHaveLength(STEPS);
  expect(steps[0]?.[0]).toBe(1);
  for (let index = 1; index < steps.length; index += 1) {
    expect(luminance(steps[index]?.[1] ?? "")).toBeGreaterThanOrEqual(luminance(steps[index - 1]?.[1] ?? ""));
  }
});

it("ends where it should and keeps to its ends", () => {
  expect(colourOf(0)).toBe("#3b0f70");
  expect(colourOf(1)).toBe("#fcfdbf");
  expect(colourOf(2)).toBe(colourOf(1));
});
