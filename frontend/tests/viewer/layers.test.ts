import { expect, test } from "vitest";
import { coloursOf } from "@/viewer/layers";

const pixel = (value: number, highest = 1) => [...coloursOf(Float32Array.of(value), highest)];

test("nothing is seen of 0, and all of the highest", () => {
  expect(pixel(0)).toEqual([0, 0, 0, 0]);
  expect(pixel(2, 2)).toEqual([252, 253, 191, 255]);
  expect(pixel(5, 2)).toEqual(pixel(2, 2));
});

test("a higher value is never darker and never less to be seen", () => {
  const all = Array.from({ length: 101 }, (_, n) => pixel(n / 100));
  const brightness = all.map(([r = 0, g = 0, b = 0]) => 0.3 * r + 0.6 * g + 0.1 * b);
  for (let n = 1; n < all.length; n++) {
    expect(brightness[n]).toBeGreaterThanOrEqual(brightness[n - 1] as number);
    expect(all[n]?.[3]).toBeGreaterThanOrEqual(all[n - 1]?.[3] as number);
  }
});
