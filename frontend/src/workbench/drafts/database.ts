/** The browser's own store of drafts: one database per person, so that signing out can remove it whole. */
import type { Answers, Comment, EditCounts } from "@/api/assignment";
import type { Step } from "@/labels";

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
}

const PREFIX = "overread-drafts-";

/** Open the drafts of one person. */
export async function openDatabase(person: string): Promise<IDBDatabase> {
  const request = indexedDB.open(PREFIX + person, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("drafts", { keyPath: "assignment" });
    request.result.createObjectStore("steps");
  };
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      // Signing out in another tab removes the database; a connection left open would block that.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
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

/** Return how many cases of a person hold work in this browser that the server has not got. */
export async function countUnsent(person: string): Promise<number> {
  const database = await openDatabase(person).catch(() => null);
  if (!database) return 0; // a browser that keeps nothing holds nothing
  const drafts = database.transaction("drafts", "readonly").objectStore("drafts");
  const records = await answered<DraftRecord[]>(drafts.getAll());
  database.close();
  return records.filter((record) => record.revision !== record.uploaded).length;
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

/** What is kept per step. */
export type StoredStep = Step;
