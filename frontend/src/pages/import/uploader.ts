/** Sends files in pieces, one after another; goes on by itself after a lost connection, and where it was after a pause. */
import { OfflineError } from "@/api/client";
import type { Upload } from "@/api/imports";

/** A file that a person chose, with its place inside what they chose. */
export interface ChosenFile {
  readonly path: string;
  readonly file: Blob;
}

/** What the uploader asks of the server. */
export interface UploadServer {
  announce(path: string, size: number): Promise<Upload>;
  send(upload: string, offset: number, piece: Blob, signal: AbortSignal): Promise<number>;
}

/** How far the sending is. Bytes of files that had arrived before are counted as sent. */
export interface UploadProgress {
  readonly phase: "sending" | "paused" | "offline" | "done" | "failed";
  readonly files: number;
  readonly filesSent: number;
  readonly bytes: number;
  readonly bytesSent: number;
  /** Over the last seconds; null while nothing can be said. */
  readonly bytesPerSecond: number | null;
  readonly current: string;
  /** Why each file that was refused was refused, in the server's words. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

const SPEED_SECONDS = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** One run over the chosen files. */
export class Uploader {
  readonly #server: UploadServer;
  readonly #files: readonly ChosenFile[];
  readonly #pieceBytes: number;
  readonly #told: (progress: UploadProgress) => void;
  readonly #wait: (ms: number) => Promise<void>;
  #abort = new AbortController();
  #paused = false;
  #next = 0;
  #samples: { at: number; bytes: number }[] = [];
  #progress: UploadProgress;

  constructor(
    server: UploadServer,
    files: readonly ChosenFile[],
    options: {
      readonly pieceBytes: number;
      readonly onProgress: (progress: UploadProgress) => void;
      readonly wait?: (ms: number) => Promise<void>;
    },
  ) {
    this.#server = server;
    this.#files = files;
    this.#pieceBytes = options.pieceBytes;
    this.#told = options.onProgress;
    this.#wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    this.#progress = {
      phase: "paused",
      files: files.length,
      filesSent: 0,
      bytes,
      bytesSent: 0,
      bytesPerSecond: null,
      current: "",
      refused: [],
    };
  }

  /** Send what is left. Resolves when all is sent, when paused, or when the server refused for good. */
  async run(): Promise<void> {
    this.#paused = false;
    this.#abort = new AbortController();
    this.#samples = [];
    this.#tell({ phase: "sending" });
    while (this.#next < this.#files.length && !this.#paused) {
      const chosen = this.#files[this.#next] as ChosenFile;
      const before = this.#bytesBefore(this.#next);
      try {
        await this.#sendFile(chosen);
        if (this.#paused) break;
        this.#tell({ filesSent: this.#progress.filesSent + 1 });
      } catch (error) {
        if (this.#paused) break;
        const reason = error instanceof Error ? error.message : String(error);
        const refused = [...this.#progress.refused, { path: chosen.path, reason }];
        this.#tell({ refused, bytesSent: before + chosen.file.size });
      }
      this.#next += 1;
    }
    if (this.#paused) this.#tell({ phase: "paused", bytesPerSecond: null });
    else this.#tell({ phase: this.#progress.filesSent > 0 ? "done" : "failed", current: "" });
  }

  /** Stop after the piece that is under way; `run` goes on from there. */
  pause(): void {
    this.#paused = true;
    this.#abort.abort();
  }

  async #sendFile({ path, file }: ChosenFile): Promise<void> {
    const base = this.#bytesBefore(this.#next);
    this.#tell({ current: path });
    let upload: Upload | null = null;
    let wait = FIRST_WAIT_MS;
    for (;;) {
      try {
        upload ??= await this.#server.announce(path, file.size);
        await this.#sendPieces(upload, file, base);
        return;
      } catch (error) {
        if (this.#paused) return;
        if (!(error instanceof OfflineError)) throw error;
        this.#tell({ phase: "offline", bytesPerSecond: null });
        await this.#wait(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
        // What arrived before the line broke is told by announcing the file again.
        upload = null;
        this.#tell({ bytesSent: base });
        if (this.#paused) return;
      }
    }
  }

  async #sendPieces(upload: Upload, file: Blob, base: number): Promise<void> {
    let received = upload.received ?? 0;
    this.#sample(base + received, true);
    while (received < file.size && !this.#paused) {
      const piece = file.slice(received, received + this.#pieceBytes);
      received = await this.#server.send(upload.id, received, piece, this.#abort.signal);
      this.#sample(base + received, false);
    }
  }

  /** Return the bytes of the files before one, which have all been dealt with. */
  #bytesBefore(index: number): number {
    return this.#files.slice(0, index).reduce((sum, { file }) => sum + file.size, 0);
  }

  /** Note how much has arrived; `resumed` bytes came earlier and say nothing about the speed. */
  #sample(bytesSent: number, resumed: boolean): void {
    const at = performance.now();
    if (resumed && bytesSent !== this.#progress.bytesSent) this.#samples = [];
    this.#samples = [...this.#samples, { at, bytes: bytesSent }].filter(
      (sample) => at - sample.at <= SPEED_SECONDS * 1000,
    );
    const first = this.#samples[0];
    const seconds = first ? (at - first.at) / 1000 : 0;
    const bytesPerSecond = first && seconds > 0.5 ? (bytesSent - first.bytes) / seconds : null;
    this.#tell({ phase: "sending", bytesSent, bytesPerSecond });
  }

  #tell(change: Partial<UploadProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#told(this.#progress);
  }
}
