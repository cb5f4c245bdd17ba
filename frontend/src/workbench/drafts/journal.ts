/** The journal of one assignment: each change is written to the browser's store as it happens, and read after a crash. */
import type { Step } from "@/labels";
import { answered, type DraftRecord, openDatabase, settled, stepsFrom } from "./database";

/** What a journal holds when it is read again. */
export interface KeptDraft {
  readonly record: DraftRecord;
  readonly steps: readonly Step[];
}

/** What journals of earlier versions of this program lack. */
const NONE_YET: Pick<DraftRecord, "comments" | "editsBefore"> = { comments: [], editsBefore: {} };

/** Writes in order; `settle` waits until all of them are on disk. */
export class Journal {
  readonly #database: IDBDatabase;
  readonly #assignment: string;
  #record: DraftRecord | null = null;
  #last: Promise<void> = Promise.resolve();

  private constructor(database: IDBDatabase, assignment: string) {
    this.#database = database;
    this.#assignment = assignment;
  }

  static async open(person: string, assignment: string): Promise<Journal> {
    return new Journal(await openDatabase(person), assignment);
  }

  /** Return what was kept for this assignment, or null. */
  async read(): Promise<KeptDraft | null> {
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
    return this.#write((drafts, steps) => {
      drafts.put(record);
      steps.delete(stepsFrom(this.#assignment, 0));
    });
  }

  /** The record as last written. Raises an error before `begin` or `read`. */
  get record(): DraftRecord {
    if (!this.#record) throw new Error("The journal was not begun.");
    return this.#record;
  }

  /** Keep new steps, `position` being done with them; undone steps beyond them are forgotten. */
  append(added: readonly Step[], position: number): Promise<void> {
    const record = this.#change({ position });
    const first = position - added.length;
    return this.#write((drafts, steps) => {
      steps.delete(stepsFrom(this.#assignment, first));
      added.forEach((step, n) => {
        steps.put(step, [this.#assignment, first + n]);
      });
      drafts.put(record);
    });
  }

  /** Keep that steps were undone or redone. */
  move(position: number): Promise<void> {
    const record = this.#change({ position });
    return this.#write((drafts) => void drafts.put(record));
  }

  /** Keep answers or comments: they are sent like a change of the labels. */
  remark(fields: Partial<Pick<DraftRecord, "answers" | "comments">>): Promise<void> {
    const record = this.#change(fields);
    return this.#write((drafts) => void drafts.put(record));
  }

  /** Keep facts that need not be sent by themselves: times, what the server has. */
  note(
    fields: Partial<Pick<DraftRecord, "activeSeconds" | "idleSeconds" | "sequence" | "uploaded">>,
  ): Promise<void> {
    const record = { ...this.record, ...fields };
    this.#record = record;
    return this.#write((drafts) => void drafts.put(record));
  }

  /** Keep that the work goes on from another server version, and that the server has not seen it yet. */
  rebase({ base, sequence }: Pick<DraftRecord, "base" | "sequence">): Promise<void> {
    const record = this.#change({ base, sequence });
    return this.#write((drafts) => void drafts.put(record));
  }

  #change(fields: Partial<DraftRecord>): DraftRecord {
    this.#record = { ...this.record, ...fields, revision: this.record.revision + 1, changedAt: Date.now() };
    return this.#record;
  }

  #write(change: (drafts: IDBObjectStore, steps: IDBObjectStore) => void): Promise<void> {
    const transaction = this.#database.transaction(["drafts", "steps"], "readwrite", {
      durability: "strict",
    });
    change(transaction.objectStore("drafts"), transaction.objectStore("steps"));
    const done = settled(transaction);
    this.#last = Promise.all([this.#last.catch(() => undefined), done]).then(() => undefined);
    return done;
  }

  /** Wait until all that was written is on disk. */
  settle(): Promise<void> {
    return this.#last;
  }

  /** Remove the draft, as after a submission. */
  remove(): Promise<void> {
    return this.#write((drafts, steps) => {
      drafts.delete(this.#assignment);
      steps.delete(stepsFrom(this.#assignment, 0));
    });
  }

  close(): void {
    this.#database.close();
  }
}
