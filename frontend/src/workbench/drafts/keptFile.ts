/** What this browser kept of a case, as a file: for work that the server cannot take or this program cannot read. */
import { saveFile } from "@/ui/saveFile";
import type { Aside } from "./database";
import type { KeptDraft } from "./journal";

/** The name of the format, and its version: docs/workbench.md says what is in it. */
const FORMAT = { format: "overread-kept-draft", version: 1 } as const;

/** What goes into the file: the record and the numbered steps as they lie in the store, whatever they are. */
export type KeptFacts = Pick<Aside, "assignment" | "record" | "steps"> & Partial<Aside>;

/** Return a draft that was read from the store as it goes into the file. */
export function factsOf({ record, steps, beyond }: KeptDraft, why: string): KeptFacts {
  const numbered = steps.map((step, number) => ({ number, step }));
  return { assignment: record.assignment, why, record, steps: [...numbered, ...beyond] };
}

/** Save what was kept of an assignment as a file of the person's. */
export function saveKept(facts: KeptFacts): void {
  saveFile(keptFile(facts), `kept-draft-${facts.assignment}.json`);
}

/** Return a draft as JSON, whatever it is; bytes as base64, maps as lists of pairs. */
export function keptFile(facts: KeptFacts): Blob {
  return new Blob([JSON.stringify({ ...FORMAT, ...facts }, written)], { type: "application/json" });
}

function written(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: toBase64(value) };
  if (value instanceof Map) return [...value];
  return value;
}

function toBase64(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return btoa(characters.join(""));
}
