/** The browser's own store of drafts: one database per person, so that signing out can remove it whole. */
import type { Answers, Comment, EditCounts } from "@/api/assignment";

/** The state of one assignment in this browser. */
export interface DraftRecord {
  readonly assignment: string;
  /** The server's token of the mask that the work started from. */
  readonly base: string;
  /** The server sequence that this work continues; 0 when the server has no draft yet. */
  readonly sequence: number;
  /** The labels before the first step, packed. */
  readonly snapshot: Uint8Array;
  /** How many of the kept steps are done; the later ones can be redone. */
  readonly position: number;
  /** Counts every change; `uploaded` is the count that the server has. */
  readonly revision: number;
  readonly uploaded: number;
  readonly changedAt: number;
  readonly answers: Answers;
  readonly comments: readonly Comment[];
  /** What was edited before the first step, on another machine or before the case came back. */
  readonly editsBefore: Partial<EditCounts>;
  readonly activeSeconds: number;
  readonly idleSeconds: number;
  /** The keys of the saves that were sent since the last answer: what one of them saved is a state of this journal. */
  readonly sent: readonly string[];
  /** The count of the last change when the last of them was first sent; -1 before any. */
  readonly sentRevision: number;
}

/** What was kept of a case and cannot be replayed: as it lay in the store, out of the way of a new journal. */
export interface Aside {
  readonly assignment: string;
  readonly setAsideAt: number;
  readonly why: string;
  /** True when it held work that the server has not got. */
  readonly unsent: boolean;
  readonly record: unknown;
  readonly steps: readonly { readonly number: number; readonly step: unknown }[];
}

const PREFIX = "overread-drafts-";

/** Open the drafts of one person. `gone` is called when the browser takes the database away while it is open. */
export async function openDatabase(person: string, gone: () => void = () => undefined): Promise<IDBDatabase> {
  const request = indexedDB.open(PREFIX + person, 2);
  request.onupgradeneeded = ({ oldVersion }) => {
    const { result } = request;
    if (oldVersion < 1) {
      result.createObjectStore("drafts", { keyPath: "assignment" });
      result.createObjectStore("steps");
    }
    result.createObjectStore("aside", { autoIncrement: true });
  };
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      const { result } = request;
      result.onclose = gone;
      // Signing out in another tab removes the database; a connection left open would block that.
      result.onversionchange = () => {
        result.close();
        gone();
      };
      resolve(result);
    };
    request.onerror = () => reject(request.error ?? new Error("The browser's store could not be opened."));
  });
}

/** Remove all drafts of one person from this browser: hospital computers are shared. */
export function forgetPerson(person: string): Promise<void> {
  const request = indexedDB.deleteDatabase(PREFIX + person);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error("The local drafts could not be removed."));
  });
}

/** Return the cases of a person that hold work in this browser's store which the server has not got. */
export async function unsentCases(person: string): Promise<readonly string[]> {
  const database = await openDatabase(person).catch(() => null);
  if (!database) return []; // a browser that keeps nothing holds nothing
  const transaction = database.transaction(["drafts", "aside"], "readonly");
  const [records, asides] = await Promise.all([
    answered<DraftRecord[]>(transaction.objectStore("drafts").getAll()),
    answered<Aside[]>(transaction.objectStore("aside").getAll()),
  ]);
  database.close();
  const unsent = [...records.filter(isUnsent), ...asides.filter((aside) => aside.unsent)];
  return unsent.map(({ assignment }) => assignment);
}

/** True when a draft holds work that the server has not got, or when that cannot be told. */
export function isUnsent(record: DraftRecord): boolean {
  return !isRecord(record) || record.revision !== record.uploaded;
}

/** True when a record has what it must have: what a disk gives back is not always what was written. */
export function isRecord({ base, snapshot, answers, comments, ...numbers }: DraftRecord): boolean {
  const { sequence, position, revision, uploaded } = numbers;
  return (
    typeof base === "string" &&
    snapshot instanceof Uint8Array &&
    typeof answers === "object" &&
    (comments === undefined || Array.isArray(comments)) && // journals of earlier versions have none
    [sequence, position, revision, uploaded].every((each) => Number.isInteger(each) && each >= 0)
  );
}

/** Put what is kept of an assignment aside, whatever it is: all of it in one transaction, or nothing changes. */
export async function setAside(
  database: IDBDatabase,
  { assignment, why, unsent }: Pick<Aside, "assignment" | "why" | "unsent">,
): Promise<void> {
  const transaction = database.transaction(["drafts", "steps", "aside"], "readwrite", {
    durability: "strict",
  });
  const done = settled(transaction);
  done.catch(() => undefined); // told below, when the requests did not fail before
  const [drafts, steps] = [transaction.objectStore("drafts"), transaction.objectStore("steps")];
  const all = stepsFrom(assignment, 0);
  const [record, values, keys] = await Promise.all([
    answered<unknown>(drafts.get(assignment)),
    answered<unknown[]>(steps.getAll(all)),
    answered(steps.getAllKeys(all)),
  ]);
  const numbered = values.map((step, n) => ({ number: numberOf(keys[n]), step }));
  const aside: Aside = { assignment, setAsideAt: Date.now(), why, unsent, record, steps: numbered };
  transaction.objectStore("aside").add(aside);
  drafts.delete(assignment);
  steps.delete(all);
  return done;
}

/** Return what was put aside of an assignment, oldest first. */
export async function asidesOf(database: IDBDatabase, assignment: string): Promise<readonly Aside[]> {
  const store = database.transaction("aside", "readonly").objectStore("aside");
  const all = await answered<Aside[]>(store.getAll());
  return all.filter((aside) => aside.assignment === assignment);
}

/** The number of the step under a key. */
export function numberOf(key: IDBValidKey | undefined): number {
  return Array.isArray(key) ? Number(key[1]) : Number.NaN;
}

/** Wait until a transaction is on disk. */
export function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    const fail = () => reject(transaction.error ?? new Error("The browser's store refused the change."));
    transaction.onerror = fail;
    transaction.onabort = fail;
  });
}

/** Wait for the answer of one request. */
export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's store could not be read."));
  });
}

/** The keys of all steps of one assignment, from one step on. */
export function stepsFrom(assignment: string, first: number): IDBKeyRange {
  return IDBKeyRange.bound([assignment, first], [assignment, Number.MAX_SAFE_INTEGER]);
}
