/** Heavy work on labels beside the page, so that the page never waits: typed jobs with progress that can be cancelled. */
import type { JobKind, Jobs, Report, Told } from "./jobs";

/** How a job is watched. */
export interface Watch {
  /** Ends the job: the worker is stopped and made anew for the next one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: Report;
  /** Buffers of the request that are given away instead of copied; they are empty afterwards. */
  readonly given?: readonly ArrayBuffer[];
}

interface Waiting {
  readonly id: number;
  readonly kind: JobKind;
  readonly request: unknown;
  readonly watch: Watch;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One worker and its queue. Jobs run in the order they were asked for. The worker starts with the first job, and after
 * `close` again with the next.
 */
export class LabelWorker {
  #worker: Worker | null = null;
  #queue: Waiting[] = [];
  #running: Waiting | null = null;
  #nextId = 1;

  /**
   * Do a job. The request is copied when the job's turn comes: arrays that others go on changing must be copies.
   * Rejects with the signal's reason when it is cancelled, and with an error in plain words when it fails.
   */
  run<K extends JobKind>(
    kind: K,
    request: Jobs[K]["request"],
    watch: Watch = {},
  ): Promise<Jobs[K]["result"]> {
    return new Promise((resolve, reject) => {
      if (watch.signal?.aborted) {
        reject(watch.signal.reason);
        return;
      }
      const job: Waiting = { id: this.#nextId++, kind, request, watch, resolve, reject };
      watch.signal?.addEventListener("abort", () => this.#cancel(job), { once: true });
      this.#queue.push(job);
      this.#next();
    });
  }

  #next(): void {
    if (this.#running) return;
    const job = this.#queue.shift();
    if (!job) return;
    this.#running = job;
    this.#worker ??= this.#start();
    const { id, kind, request, watch } = job;
    try {
      this.#worker.postMessage({ id, kind, request }, [...(watch.given ?? [])]);
    } catch (error) {
      // What cannot be sent, as a buffer that was given away before, must not stand in the way of the rest.
      this.#running = null;
      job.reject(error);
      this.#next();
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL("./script.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
    worker.onerror = () =>
      this.#end((job) => job.reject(new Error("The background work stopped. Try again.")));
    return worker;
  }

  #hear(told: Told): void {
    const job = this.#running;
    if (!job || told.id !== job.id) return;
    if (told.kind === "progress") {
      job.watch.onProgress?.(told.part);
      return;
    }
    this.#running = null;
    if (told.kind === "done") job.resolve(told.result as never);
    else job.reject(new Error(told.message));
    this.#next();
  }

  #cancel(job: Waiting): void {
    if (this.#running === job) this.#end(({ reject }) => reject(job.watch.signal?.reason));
    else if (this.#queue.includes(job)) {
      this.#queue = this.#queue.filter((each) => each !== job);
      job.reject(job.watch.signal?.reason);
    }
  }

  /** Stop the worker in the middle of its job; the rest of the queue goes on with a fresh one. */
  #end(settle: (job: Waiting) => void): void {
    this.#worker?.terminate();
    this.#worker = null;
    const job = this.#running;
    this.#running = null;
    if (job) settle(job);
    this.#next();
  }

  /** Stop everything. Jobs that were not done are rejected as aborted. */
  close(): void {
    const stopped = new DOMException("The case was closed.", "AbortError");
    for (const job of this.#queue.splice(0)) job.reject(stopped);
    this.#end((job) => job.reject(stopped));
  }
}
