/** The acts that `python -m benchmarks.workbench` times in the page, on one image and mask of full size. */
import type { Assignment, AssignmentApi } from "@/api/assignment";
import { difference, type Grid, History, inflate, LabelStore, packLabels, type Vec3 } from "@/labels";
import { type BrushShape, beginBrush, type Sample, type Target } from "@/tools";
import { openViewer, type Viewer } from "@/viewer";
import { Journal } from "@/workbench/drafts/journal";
import { openServerVersion } from "@/workbench/opening";
import { LabelWorker } from "@/worker";
import { NiivuePen } from "./niivuePen";
import { median, nextFrame, type Span, spanOf } from "./timing";

const RADIUS_MM = 12;
const POINTS = 20;
const REPEATS = 5;
const LABEL = 4;
const SKIPPED = 20;
/** Voxels from one island to the next, and along the side of one. */
const ISLANDS_APART = 25;
const ISLAND = 3;

interface Scene {
  readonly grid: Grid;
  readonly viewer: Viewer;
  readonly mask: Uint8Array;
  /** The mask as the server sends it where a proxy leaves its encoding to the page. */
  readonly sent: ArrayBuffer;
}

let scene: Scene;
let pen: NiivuePen;
const worker = new LabelWorker();

/** Read image and mask, and show both: once in our viewer, once in NiiVue as it comes. */
async function prepare(): Promise<void> {
  const [image, mask] = await Promise.all([read("/data/image.nii.gz"), read("/data/mask.gz")]);
  const viewer = await openViewer(canvas());
  const picture = await viewer.decode(image, "FLAIR");
  viewer.show(picture, [0, 1000]);
  scene = { grid: picture.grid, viewer, mask: new Uint8Array(await inflate(mask)), sent: mask };
  viewer.setLabels(scene.mask);
  await viewer.finished();
  pen = await NiivuePen.open(canvas(), await read("/data/image.nii.gz"));
}

async function read(url: string): Promise<ArrayBuffer> {
  return (await fetch(url)).arrayBuffer();
}

function canvas(): HTMLCanvasElement {
  const holder = document.createElement("div");
  holder.className = "canvas";
  const made = document.createElement("canvas");
  holder.append(made);
  document.body.append(holder);
  return made;
}

/** The points of the stroke: 100 mm along x in the middle slice, as a pointer gives them. */
function points({ shape }: Grid): Vec3[] {
  const [, y, z] = shape.map((size) => Math.floor(size / 2)) as [number, number, number];
  return Array.from({ length: POINTS }, (_, n) => [70 + Math.round((100 * n) / (POINTS - 1)), y, z]);
}

function painter(store: LabelStore, label = LABEL): Target {
  return {
    store,
    layer: 0,
    rule: { label, over: "everything", locked: new Set(), gate: null },
  } as Target;
}

function freshStore(labels?: Uint8Array): LabelStore {
  return new LabelStore(scene.grid, 1, labels ?? new Uint8Array(scene.grid.size));
}

/**
 * Our stroke: paint, upload of the changed box, one edit, kept in the history. Times are script on this thread; what
 * the browser's graphics process then does is not in them. A frame is drawn after every point, as under a pointer.
 */
async function ownStroke(shape: BrushShape): Promise<Span> {
  const { viewer, grid } = scene;
  return repeated(async () => {
    const store = freshStore();
    viewer.setLabels(store.layer(0));
    await settled();
    const stop = store.subscribe(({ box }) => viewer.redraw(box));
    const history = new History(store);
    const uploads = spanOf("texSubImage3D");
    let script = 0;
    const timed = <T>(act: () => T): T => {
      const began = performance.now();
      const made = act();
      script += performance.now() - began;
      return made;
    };
    const options = { radiusMm: RADIUS_MM, shape, usePressure: false };
    const [first, ...rest] = points(grid).map((position): Sample => ({ position, axis: 2, pressure: 1 }));
    const gesture = timed(() => beginBrush(painter(store), options, first as Sample));
    await nextFrame();
    for (const sample of rest) {
      timed(() => gesture.move(sample));
      await nextFrame();
    }
    timed(() => {
      const edit = gesture.finish();
      if (edit) history.record(edit, { name: "Brush", tool: "brush" });
    });
    await nextFrame();
    stop();
    return { script: script + uploads.ms(), voxels: store.count(0, LABEL) };
  });
}

/** NiiVue's stroke: what its own pointer handling calls for each point, and its undo snapshot at the end. */
async function niivueStroke(size: number): Promise<Span> {
  return repeated(() => pen.stroke(points(scene.grid), size));
}

/** One dab of a sphere on voxels that all change, and the time to take a stroke of spheres back. */
async function dabAndUndo(): Promise<{ dab: number; undo: number; dabVoxels: number }> {
  const dabs: number[] = [];
  const undos: number[] = [];
  let dabVoxels = 0;
  const options = { radiusMm: RADIUS_MM, shape: "sphere" as const, usePressure: false };
  const path = points(scene.grid).map((position): Sample => ({ position, axis: 2, pressure: 1 }));
  for (let n = 0; n < 4 * REPEATS; n++) {
    const store = freshStore();
    const began = performance.now();
    const gesture = beginBrush(painter(store), options, path[0] as Sample);
    dabs.push(performance.now() - began);
    dabVoxels = store.count(0, LABEL);
    for (const sample of path.slice(1)) gesture.move(sample);
    const edit = gesture.finish();
    const history = new History(store);
    if (edit) history.record(edit, { name: "Brush", tool: "brush" });
    const undone = performance.now();
    history.undo();
    undos.push(performance.now() - undone);
  }
  return { dab: median(dabs), undo: median(undos), dabVoxels };
}

/** Open the server's version of a mask as the workbench does: unpack, count, keep in the browser, send to the card. */
async function loadMask(): Promise<void> {
  const { grid, sent, viewer } = scene;
  const api = { bytes: async () => sent.slice() } as unknown as AssignmentApi;
  const assignment = {
    id: `bench-${Math.random()}`,
    grid,
    scheme: { layers: [{ key: "labels" }] },
    start: "/data/mask.gz",
    draft: null,
    notes: { answers: {}, comments: [], active_seconds: 0, idle_seconds: 0 },
  } as unknown as Assignment;
  const journal = await Journal.open("bench", assignment.id);
  const { store } = await openServerVersion(api, assignment, journal);
  viewer.setLabels(store.layer(0));
  await settled();
  await journal.settle();
  journal.close();
}

/** The jobs of the worker, timed from the page: copying the mask over and the answer back included. */
async function jobs(): Promise<{ lesions: number; between: number; parts: number; filled: number }> {
  const { grid, mask } = scene;
  const query = { values: [1, 2, 3], separate: false, connectivity: 26 } as const;
  const gappy = withGap(grid, mask);
  const packed = packLabels(withIslands(grid, mask));
  let [parts, filled] = [0, 0];
  const lesions = await bestOf(async () => {
    parts = (await worker.run("lesions", { grid, packed, query })).length;
  });
  const between = await bestOf(async () => {
    const request = { grid, layer: 0, packed: packLabels(gappy), label: 2, axis: 2 } as const;
    filled = (await worker.run("between slices", request)).count;
  });
  return { lesions, between, parts, filled };
}

/** The mask with small parts all over the background beside it, as a mask of metastases or a noisy one has them. */
function withIslands({ shape: [nx, ny, nz] }: Grid, mask: Uint8Array): Uint8Array {
  const scattered = mask.slice();
  for (let z = 10; z < nz - 10; z += ISLANDS_APART)
    for (let y = 20; y < ny - 20; y += ISLANDS_APART)
      for (let x = 20; x < nx - 20; x += ISLANDS_APART)
        for (let n = 0; n < ISLAND ** 3; n++) {
          const [dx, dy, dz] = [n % ISLAND, Math.floor(n / ISLAND) % ISLAND, Math.floor(n / ISLAND ** 2)];
          scattered[x + dx + (y + dy) * nx + (z + dz) * nx * ny] ||= 1;
        }
  return scattered;
}

/** Take label 2 out of 20 slices in the middle of its extent, as if they had not been drawn yet. */
function withGap({ shape: [nx, ny] }: Grid, mask: Uint8Array): Uint8Array {
  const gappy = mask.slice();
  const slices = [...mask.keys()].filter((i) => mask[i] === 2).map((i) => Math.floor(i / (nx * ny)));
  const middle = Math.round(((slices[0] ?? 0) + (slices.at(-1) ?? 0)) / 2);
  const from = middle - SKIPPED / 2;
  for (let i = from * nx * ny; i < (from + SKIPPED) * nx * ny; i++) if (gappy[i] === 2) gappy[i] = 0;
  return gappy;
}

/** The bytes of a step: a stroke of spheres, as the history keeps it, per changed voxel. */
function bytesPerVoxel(): number {
  const store = freshStore();
  const history = new History(store);
  const path = points(scene.grid).map((position): Sample => ({ position, axis: 2, pressure: 1 }));
  const options = { radiusMm: RADIUS_MM, shape: "sphere" as const, usePressure: false };
  const gesture = beginBrush(painter(store), options, path[0] as Sample);
  for (const sample of path.slice(1)) gesture.move(sample);
  const changed = difference(0, new Uint8Array(scene.grid.size), store.layer(0)).count;
  const edit = gesture.finish();
  if (edit) history.record(edit, { name: "Brush", tool: "brush" });
  return history.bytes / changed;
}

async function settled(): Promise<void> {
  await nextFrame();
  await scene.viewer.finished();
}

async function repeated(act: () => Promise<Span>): Promise<Span> {
  const spans: Span[] = [];
  for (let n = 0; n < REPEATS; n++) spans.push(await act());
  return { script: median(spans.map(({ script }) => script)), voxels: spans[0]?.voxels ?? 0 };
}

async function bestOf(act: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < REPEATS; n++) {
    const began = performance.now();
    await act();
    times.push(performance.now() - began);
  }
  return median(times.slice(1));
}

Object.assign(window, {
  overreadBench: { prepare, ownStroke, niivueStroke, dabAndUndo, loadMask, jobs, bytesPerVoxel },
});
