/** The jobs that run beside the page, and what passes between the page and the worker. */
import {
  type Axis,
  fillBetweenSlices,
  findBrain,
  findLesions,
  type Grid,
  type Intensities,
  inflate,
  type Lesion,
  type LesionQuery,
  type Operation,
  operate,
  type PackedEdit,
  packProposal,
  type Scene,
  type Surface,
  surfaceOf,
  unpackLabels,
} from "@/labels";
import { deflateEach, inflateEach, through } from "./streams";

/**
 * A layer of labels on its way to the worker, packed. To pack nine million voxels takes the page about as long as to
 * copy them would, and leaves some kilobytes behind instead of nine megabytes after every stroke.
 */
export interface PackedScene {
  readonly grid: Grid;
  /** From `packLabels`. */
  readonly packed: Uint8Array;
}

function sceneOf({ grid, packed }: PackedScene): Scene {
  return { grid, labels: unpackLabels(packed, grid.size) };
}

function unpackAll(packed: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size * packed.length);
  packed.forEach((layer, n) => {
    all.set(unpackLabels(layer, size), n * size);
  });
  return all;
}

/** Every job: what it is asked and what it answers. All of it can be copied between threads. */
export interface Jobs {
  lesions: {
    readonly request: PackedScene & { readonly query: LesionQuery };
    readonly result: readonly Lesion[];
  };
  operation: {
    readonly request: PackedScene & { readonly layer: number; readonly operation: Operation };
    readonly result: PackedEdit;
  };
  "between slices": {
    readonly request: PackedScene & { readonly layer: number; readonly label: number; readonly axis: Axis };
    readonly result: PackedEdit;
  };
  brain: {
    readonly request: { readonly grid: Grid; readonly raw: Intensities["raw"] };
    readonly result: Uint8Array;
  };
  /** The surface of each label value, in the order of the values. */
  surfaces: {
    readonly request: PackedScene & { readonly values: readonly number[] };
    readonly result: readonly Surface[];
  };
  /** All layers, one after another. */
  gzip: {
    readonly request: { readonly packed: readonly Uint8Array[]; readonly size: number };
    readonly result: Uint8Array;
  };
  /** Bytes that are no gzip come back as they are. */
  gunzip: { readonly request: { readonly bytes: ArrayBuffer }; readonly result: ArrayBuffer };
  fold: {
    readonly request: { readonly parts: readonly Uint8Array[] };
    readonly result: readonly Uint8Array[];
  };
  unfold: {
    readonly request: { readonly parts: readonly Uint8Array[] };
    readonly result: readonly Uint8Array[];
  };
}

/** The name of a job. */
export type JobKind = keyof Jobs;

/** Tell how far a job is, 0 to 1. */
export type Report = (part: number) => void;

const HANDLERS: {
  readonly [K in JobKind]: (
    request: Jobs[K]["request"],
    report: Report,
  ) => Jobs[K]["result"] | Promise<Jobs[K]["result"]>;
} = {
  lesions: ({ query, ...scene }) => findLesions(scene.grid, sceneOf(scene).labels, query),
  operation: ({ operation, layer, ...packed }, report) => {
    const scene = sceneOf(packed);
    return packProposal(layer, scene.labels, operate(scene, operation, report));
  },
  "between slices": async ({ label, axis, layer, ...packed }) => {
    const { interpolateContours } = await import("./contours");
    const scene = sceneOf(packed);
    const proposal = await fillBetweenSlices(scene, { label, axis, interpolate: interpolateContours });
    return packProposal(layer, scene.labels, proposal);
  },
  brain: ({ grid, raw }) => findBrain(grid, raw),
  surfaces: ({ values, ...packed }) => {
    const { grid, labels } = sceneOf(packed);
    return values.map((value) => surfaceOf(grid, labels, value));
  },
  gzip: ({ packed, size }) => through(unpackAll(packed, size), new CompressionStream("gzip")),
  gunzip: ({ bytes }) => inflate(bytes),
  fold: ({ parts }) => deflateEach(parts),
  unfold: ({ parts }) => inflateEach(parts),
};

/** Page to worker. */
export interface Asked<K extends JobKind = JobKind> {
  readonly id: number;
  readonly kind: K;
  readonly request: Jobs[K]["request"];
}

/** Worker to page. */
export type Told =
  | { readonly id: number; readonly kind: "progress"; readonly part: number }
  | { readonly id: number; readonly kind: "done"; readonly result: Jobs[JobKind]["result"] }
  | { readonly id: number; readonly kind: "failed"; readonly message: string };

/** Return the buffers that a result is made of: the worker keeps nothing, so that it gives them away uncopied. */
export function buffersIn(result: unknown): ArrayBuffer[] {
  if (result instanceof ArrayBuffer) return [result];
  if (ArrayBuffer.isView(result)) return result.buffer instanceof ArrayBuffer ? [result.buffer] : [];
  if (typeof result !== "object" || result === null) return [];
  return [...new Set(Object.values(result).flatMap(buffersIn))];
}

/** Do one job and tell how it goes. */
export async function serve<K extends JobKind>(
  { id, kind, request }: Asked<K>,
  tell: (told: Told) => void,
): Promise<void> {
  try {
    const result = await HANDLERS[kind](request, (part) => tell({ id, kind: "progress", part }));
    tell({ id, kind: "done", result });
  } catch (error) {
    tell({ id, kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}
