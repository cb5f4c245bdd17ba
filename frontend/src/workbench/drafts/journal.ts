/** The journal of one assignment: each change is written to the browser's store as it happens, and read after a crash. */
import type { Step } from "@/labels";
import { Cell } from "../cell";
import {
  type Aside,
  answered,
  asidesOf,
  type DraftRecord,
  isUnsent,
  numberOf,
  openDatabase,
  setAside,
  settled,
  stepsFrom,
} from "./database";

/** What a journal holds when it is read again. */
export interface KeptDraft {
  readonly record: DraftRecord;
  readonly steps: readonly Step[];
  /** Steps behind one that is missing: they cannot be done. */
  readonly beyond: Aside["steps"];
}

/** What journals of earlier versions of this program lack. */
const NONE_YET: Pick<DraftRecord, "comments" | "editsBefore" | "sent" | "sentRevision"> = {
  comments: [],
  editsBefore: {},
  sent: [],
  sentRevision: -1,
};

/**
 * Why nothing is kept in this browser now: the disk is full, the browser refuses, or it has taken the store away (its
 * data were cleared); with the browser's own words.
 */
export interface Unkept {
  readonly why: "full" | "refused" | "cleared";
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
  #database: IDBDatabase | null;
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
    const journal = new Journal(null, assignment);
    try {
      journal.#database = await openDatabase(person, () =>
        journal.#lose({ why: "cleared", detail: "The data of this site were deleted." }),
      );
    } catch (error) {
      journal.unkept.set(unkeptBy(error));
    }
    return journal;
  }

  /** Keep nothing from now on: the store is gone, or what lies in it must not be touched. */
  #lose(why: Unkept): void {
    this.#database = null;
    clearTimeout(this.#retry);
    if (!this.#closed) this.unkept.set(why);
  }

  /**
   * Return what was kept for this assignment, or null; of the steps those before the first that is missing. What the
   * browser cannot read stays as it lies, and nothing is written over it.
   */
  async read(): Promise<KeptDraft | null> {
    if (!this.#database) return null;
    try {
      return await this.#read(this.#database);
    } catch (error) {
      this.#lose(unkeptBy(error));
      return null;
    }
  }

  async #read(database: IDBDatabase): Promise<KeptDraft | null> {
    const transaction = database.transaction(["drafts", "steps"], "readonly");
    const store = transaction.objectStore("steps");
    const all = stepsFrom(this.#assignment, 0);
    const [found, steps, keys] = await Promise.all([
      answered<DraftRecord | undefined>(transaction.objectStore("drafts").get(this.#assignment)),
      answered<Step[]>(store.getAll(all)),
      answered(store.getAllKeys(all)),
    ]);
    if (!found && keys.length === 0) return null;
    // Steps whose record is lost are read as damaged: nothing begins over them before they are set aside.
    this.#record = { ...NONE_YET, ...(found ?? ({ assignment: this.#assignment } as DraftRecord)) };
    const missing = keys.findIndex((key, n) => numberOf(key) !== n);
    const end = missing < 0 ? steps.length : missing;
    const beyond = steps.slice(end).map((step, n) => ({ number: numberOf(keys[end + n]), step }));
    return { record: this.#record, steps: steps.slice(0, end), beyond };
  }

  /** Put what is kept aside, out of the way of a new beginning. When that fails it stays, and nothing is written. */
  async setAside(why: string): Promise<void> {
    if (!this.#database) return;
    try {
      await setAside(this.#database, { assignment: this.#assignment, why, unsent: isUnsent(this.record) });
    } catch (error) {
      this.#lose(unkeptBy(error));
    }
  }

  /** Return what was put aside of this assignment. */
  async asides(): Promise<readonly Aside[]> {
    return this.#database ? asidesOf(this.#database, this.#assignment) : [];
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
    fields: Partial<
      Pick<DraftRecord, "activeSeconds" | "idleSeconds" | "sequence" | "uploaded" | "sent" | "sentRevision">
    >,
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
      if (!this.#database) return; // it was taken away meanwhile, and that is said
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
