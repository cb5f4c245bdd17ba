/** Hands the chosen files from the first page of an import to the page that sends them; files cannot go by address. */
import type { ChosenFile } from "./uploader";

const waiting = new Map<string, readonly ChosenFile[]>();

/** Keep the files of an import until its page takes them. */
export function keepFiles(importId: string, files: readonly ChosenFile[]): void {
  waiting.set(importId, files);
}

/** Return the files kept for an import, once; [] after a reload, when they must be chosen again. */
export function takeFiles(importId: string): readonly ChosenFile[] {
  const files = waiting.get(importId) ?? [];
  waiting.delete(importId);
  return files;
}
