/** The operations at full size, 240×240×155 at 1 mm: `npm run bench`. In the application they run in the worker. */
import { morphologicalContourInterpolationNode } from "@itk-wasm/morphological-contour-interpolation";
import { bench, describe } from "vitest";
import {
  admit,
  fillBetweenSlices,
  growCut,
  History,
  LabelStore,
  makeGrid,
  type Operation,
  operate,
  type PaintRule,
  packProposal,
} from "@/labels";
import { interpolationBy } from "@/worker/contourFilter";

const GRID = makeGrid(
  [240, 240, 155],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);
const RULE: PaintRule = { label: 2, over: "everything", locked: new Set(), gate: null };

/** A ball of 40 mm (268 ml) with a hole in it, in the slices that are wanted. */
function ball(wanted: (z: number) => boolean): Uint8Array {
  const labels = new Uint8Array(GRID.size);
  for (let i = 0; i < GRID.size; i++) {
    const [x, y, z] = [i % 240, Math.floor(i / 240) % 240, Math.floor(i / 57600)];
    const mm = Math.hypot(x - 90, y - 120, z - 80);
    if (mm > 8 && mm <= 40 && wanted(z)) labels[i] = 2;
  }
  return labels;
}

const whole = { grid: GRID, labels: ball(() => true) };
const interpolate = interpolationBy(morphologicalContourInterpolationNode as never);

describe("in the worker", () => {
  const drawn = { grid: GRID, labels: ball((z) => z === 66 || z === 87) };
  bench("fill 20 slices between two drawn ones", async () => {
    await fillBetweenSlices(drawn, { label: 2, axis: 2, interpolate });
  });
  const operations: Operation[] = [
    { kind: "fill holes", label: 2, axis: null, slice: null, inside: "empty" },
    { kind: "remove islands", label: 2, fewerThan: 50, connectivity: 26 },
    { kind: "smooth", label: 2, by: "gaussian", mm: 1 },
    { kind: "margin", label: 2, mm: 3 },
    { kind: "margin", label: 2, mm: -3 },
    { kind: "swap", a: 2, b: 1 },
  ];
  for (const operation of operations) {
    const name = operation.kind === "margin" ? `${operation.kind} ${operation.mm} mm` : operation.kind;
    bench(name, () => void operate(whole, operation));
  }
  const channel = Float32Array.from({ length: 64 ** 3 }, (_, i) => (i * 7919) % 97);
  const marks = new Uint8Array(channel.length);
  marks.fill(1, 130_000, 130_020);
  marks.fill(2, 0, 64);
  bench(
    "grow-cut in a box of 64×64×64",
    () => void growCut({ shape: [64, 64, 64], channels: [channel], marks }),
  );
});

describe("on the page, for a change of 268 000 voxels", () => {
  const store = new LabelStore(GRID, 1, whole.labels);
  const wanted = packProposal(0, store.layer(0), operate(whole, { kind: "swap", a: 2, b: 1 }));
  bench("let through by the rule", () => void admit(wanted, RULE));
  const { edit } = admit(wanted, RULE);
  bench("write, keep in the history and undo", () => {
    const history = new History(store);
    history.do(edit, { name: "swap", tool: "swap" });
    history.undo();
  });
});
