/** The journal of one assignment: each change is written to the browser's store as it happens, and read after a crash. */
import type { Step } from "@/labels";
import { Cell } from "../cell";
import { answered, type DraftRecord, openDatabase, settled, stepsFrom } from "./database";

/** What a journal holds when it is read again. */
export interface KeptDraft {
  readonly record: DraftRecord;
  readonly steps: readonly Step[];
}

/** What journals of earlier versions of this program lack. */
const NONE_YET: Pick<DraftRecord, "comments" | "editsBefore"> = { comments: [], editsBefore: {} };

/** Why nothing is kept in this browser now: the disk is full, or the browser refuses; with the browser's own words. */
export interface Unkept {
  readonly why: "full" | "refused";
  readonly detail: string;
}

const RETRY_MS = 10_000;

/**
 * Writes in order, one transaction at a time; `settle` waits until what was written is on disk. What the store refuses
 * is held here, said by `unkept`, and tried again with the next change and every ten seconds: the work goes on, and
 * goes to the server. What is on disk is always a state that was: a later step is never kept without those before it.
 */
export class Journal {
  /** Null while everything is kept. */
  readonly unkept = new Cell<Unkept | null>(null);
  readonly #database: IDBDatabase | null;
  readonly #assignment: string;
  #record: DraftRecord | null = null;
  /** Steps that are not on disk yet, by number; the steps on disk from `#staleFrom` on are no longer true. */
  #due = new Map<number, Step>();
  #staleFrom = Number.POSITIVE_INFINITY;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor(database: IDBDatabase | null, assignment: string) {
    this.#database = database;
    this.#assignment = assignment;
  }

  /** Open the journal; where the browser has no store, one that keeps nothing and says so. */
  static async open(person: string, assignment: string): Promise<Journal> {
    try {
      return new Journal(await openDatabase(person), assignment);
    } catch (error) {
      const journal = new Journal(null, assignment);
      journal.unkept.set(unkeptBy(error));
      return journal;
    }
  }

  /** Return what was kept for this assignment, or null. */
  async read(): Promise<KeptDraft | null> {
    if (!this.#database) return null;
    const transaction = this.#database.transaction(["drafts", "steps"], "readonly");
    const record = answered<DraftRecord | undefined>(transaction.objectStore("drafts").get(this.#assignment));
    const steps = answered<Step[]>(transaction.objectStore("steps").getAll(stepsFrom(this.#assignment, 0)));
    const [found, kept] = await Promise.all([record, steps]);
    if (!found) return null;
    this.#record = { ...NONE_YET, ...found };
    return { record: this.#record, steps: kept };
  }

  /** Begin anew with this record and no steps. */
  begin(record: DraftRecord): Promise<void> {
    this.#record = record;
    this.#forgetFrom(0);
    return this.#write();
  }

  /** The record as last changed. Raises an error before `begin` or `read`. */
  get record(): DraftRecord {
    if (!this.#record) throw new Error("The journal was not begun.");
    return this.#record;
  }

  /** Keep new steps, `position` being done with them; undone steps beyond them are forgotten. */
  append(added: readonly Step[], position: number): Promise<void> {
    this.#change({ position });
    const first = position - added.length;
    this.#forgetFrom(first);
    added.forEach((step, n) => {
      this.#due.set(first + n, step);
    });
    return this.#write();
  }

  #forgetFrom(first: number): void {
    this.#staleFrom = Math.min(this.#staleFrom, first);
    for (const number of this.#due.keys()) if (number >= first) this.#due.delete(number);
  }

  /** Keep that steps were undone or redone. */
  move(position: number): Promise<void> {
    this.#change({ position });
    return this.#write();
  }

  /** Keep answers or comments: they are sent like a change of the labels. */
  remark(fields: Partial<Pick<DraftRecord, "answers" | "comments">>): Promise<void> {
    this.#change(fields);
    return this.#write();
  }

  /** Keep facts that need not be sent by themselves: times, what the server has. */
  note(
    fields: Partial<Pick<DraftRecord, "activeSeconds" | "idleSeconds" | "sequence" | "uploaded">>,
  ): Promise<void> {
    this.#record = { ...this.record, ...fields };
    return this.#write();
  }

  /** Keep that the work goes on from another server version, and that the server has not seen it yet. */
  rebase({ base, sequence }: Pick<DraftRecord, "base" | "sequence">): Promise<void> {
    this.#change({ base, sequence });
    return this.#write();
  }

  #change(fields: Partial<DraftRecord>): void {
    this.#record = { ...this.record, ...fields, revision: this.record.revision + 1, changedAt: Date.now() };
  }

  /** Write what is due as soon as the write in progress has ended. Resolves when it was tried. */
  #write(): Promise<void> {
    if (!this.#running) return this.#begin();
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.#begin();
    });
    return this.#next;
  }

  #begin(): Promise<void> {
    clearTimeout(this.#retry);
    this.#running = this.#flush().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #flush(): Promise<void> {
    if (!this.#database || this.#closed) return;
    const [steps, staleFrom] = [this.#due, this.#staleFrom];
    this.#due = new Map();
    this.#staleFrom = Number.POSITIVE_INFINITY;
    try {
      await this.#put(this.#database, { record: this.record, steps, staleFrom });
      this.unkept.set(null);
    } catch (error) {
      this.#holdBack(steps, staleFrom);
      this.unkept.set(unkeptBy(error));
      if (!this.#closed) this.#retry = setTimeout(() => void this.#write(), RETRY_MS);
    }
  }

  async #put(
    database: IDBDatabase,
    {
      record,
      steps,
      staleFrom,
    }: { record: DraftRecord; steps: ReadonlyMap<number, Step>; staleFrom: number },
  ): Promise<void> {
    const transaction = database.transaction(["drafts", "steps"], "readwrite", { durability: "strict" });
    try {
      const store = transaction.objectStore("steps");
      if (Number.isFinite(staleFrom)) store.delete(stepsFrom(this.#assignment, staleFrom));
      for (const [number, step] of steps) store.put(step, [this.#assignment, number]);
      transaction.objectStore("drafts").put(record);
    } catch (error) {
      transaction.abort(); // all of it or nothing
      throw error;
    }
    return settled(transaction);
  }

  /** What was refused is due again, but for what was forgotten meanwhile. */
  #holdBack(steps: ReadonlyMap<number, Step>, staleFrom: number): void {
    for (const [number, step] of steps) {
      if (number < this.#staleFrom) this.#due.set(number, step);
    }
    this.#staleFrom = Math.min(this.#staleFrom, staleFrom);
  }

  /** Wait until all that was to be written is on disk, or was refused. */
  async settle(): Promise<void> {
    await (this.#next ?? this.#running);
  }

  /** Remove the draft, as after a submission. */
  async remove(): Promise<void> {
    await this.settle();
    if (!this.#database) return;
    const transaction = this.#database.transaction(["drafts", "steps"], "readwrite", {
      durability: "strict",
    });
    transaction.objectStore("drafts").delete(this.#assignment);
    transaction.objectStore("steps").delete(stepsFrom(this.#assignment, 0));
    await settled(transaction);
  }

  /** Write nothing more: what is on disk is another window's from now on, or nobody's. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#database?.close();
  }
}

function unkeptBy(error: unknown): Unkept {
  const { name = "", message = "" } = (error ?? {}) as Partial<Error>;
  return { why: name === "QuotaExceededError" ? "full" : "refused", detail: `${name} ${message}`.trim() };
}
