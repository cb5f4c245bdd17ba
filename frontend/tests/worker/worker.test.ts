import { expect, test, vi } from "vitest";
import { findLesions, makeGrid, type Operation, packLabels } from "@/labels";
import { LabelWorker } from "@/worker";
import { buffersIn } from "@/worker/jobs";
import { FakeWorker } from "../fakeWorker";

const GRID = makeGrid(
  [4, 3, 2],
  [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ],
);
const QUERY = { values: [1], separate: true, connectivity: 26 } as const;
const LABELS = Uint8Array.from({ length: GRID.size }, (_, i) => (i % 5 === 0 ? 1 : 0));
const REQUEST = { grid: GRID, packed: packLabels(LABELS), query: QUERY };

test("a job answers what the function itself does", async () => {
  const worker = new LabelWorker();
  expect(await worker.run("lesions", REQUEST)).toEqual(findLesions(GRID, LABELS, QUERY));
});

test("what is given away is not copied, and folding undoes itself", async () => {
  const worker = new LabelWorker();
  const layers = [0, 1].map((first) => Uint8Array.from({ length: 5000 }, (_, n) => (n + first) % 7));
  const copy = Uint8Array.from(layers.flatMap((layer) => [...layer]));
  const packed = await worker.run("gzip", { packed: layers.map(packLabels), size: 5000 });
  const bytes = Uint8Array.from(packed).buffer;
  expect(new Uint8Array(await worker.run("gunzip", { bytes }, { given: [bytes] }))).toEqual(copy);
  expect(bytes.byteLength).toBe(0);
  const [folded] = await worker.run("fold", { parts: [copy] });
  expect(folded?.length).toBeLessThan(copy.length);
  const [unfolded] = await worker.run("unfold", { parts: [folded as Uint8Array] });
  expect([...(unfolded ?? [])]).toEqual([...copy]);
});

test("the buffers of a result are found wherever they lie, each once", () => {
  const [one, two] = [new Uint8Array(4), new Uint32Array(2)];
  const found = buffersIn({ one, again: one.subarray(1), deep: [{ two, word: "x", none: null }] });
  expect(found).toEqual([one.buffer, two.buffer]);
});

test("nothing to do is answered again and again: a worker gives no array away that it needs once more", async () => {
  const worker = new LabelWorker();
  const empty = { grid: GRID, layer: 0, packed: packLabels(new Uint8Array(GRID.size)) };
  const operations: Operation[] = [
    { kind: "relabel part", label: 1, voxel: [0, 0, 0], connectivity: 26 },
    { kind: "keep part", label: 1, voxel: [0, 0, 0], connectivity: 26 },
    { kind: "fill holes", label: 1, axis: null, slice: null, inside: "empty" },
  ];
  for (const operation of [...operations, ...operations])
    expect((await worker.run("operation", { ...empty, operation })).count).toBe(0);
});

test("a job that fails says why, and the next one runs", async () => {
  const worker = new LabelWorker();
  const broken = worker.run("lesions", { ...REQUEST, query: null as never });
  await expect(broken).rejects.toThrow();
  expect(await worker.run("lesions", REQUEST)).toHaveLength(findLesions(GRID, LABELS, QUERY).length);
});

test("cancelling a running job stops the worker at once; jobs behind it are still done", async () => {
  const worker = new LabelWorker();
  const stop = vi.spyOn(FakeWorker.prototype, "terminate");
  const abort = new AbortController();
  const first = worker.run("lesions", REQUEST, { signal: abort.signal });
  const second = worker.run("lesions", REQUEST);
  abort.abort();
  await expect(first).rejects.toThrow(/abort/i);
  expect(stop).toHaveBeenCalledOnce();
  expect(await second).toEqual(findLesions(GRID, LABELS, QUERY));
  stop.mockRestore();
});

test("cancelling a job that waits leaves the running one alone", async () => {
  const worker = new LabelWorker();
  const abort = new AbortController();
  const first = worker.run("lesions", REQUEST);
  const second = worker.run("lesions", REQUEST, { signal: abort.signal });
  abort.abort();
  await expect(second).rejects.toThrow(/abort/i);
  expect(await first).toEqual(findLesions(GRID, LABELS, QUERY));
});

test("closing rejects what was not done, and a later job starts anew", async () => {
  const worker = new LabelWorker();
  const jobs = [worker.run("lesions", REQUEST), worker.run("lesions", REQUEST)];
  worker.close();
  for (const job of jobs) await expect(job).rejects.toThrow("closed");
  expect(await worker.run("lesions", REQUEST)).toEqual(findLesions(GRID, LABELS, QUERY));
});

test("a job that cannot be sent fails, and the next one is done all the same", async () => {
  const worker = new LabelWorker();
  vi.spyOn(FakeWorker.prototype, "postMessage").mockImplementationOnce(() => {
    throw new DOMException("An ArrayBuffer is detached.", "DataCloneError");
  });
  const refused = worker.run("lesions", REQUEST);
  const next = worker.run("lesions", REQUEST);
  await expect(refused).rejects.toThrow("detached");
  expect(await next).toEqual(findLesions(GRID, LABELS, QUERY));
});
