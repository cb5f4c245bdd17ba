/** What each kind of background work does, in words. */

const WORDS: Readonly<Record<string, string>> = {
  "cases.parse_import": "Read imported files",
  "cases.store_import": "Store imported cases",
  "cases.prepare": "Prepare pictures of a case",
  "cases.expire_staging": "Remove old imports",
  "cases.sweep_storage": "Remove files that nothing uses",
  "inference.predict": "Make a pre-segmentation",
  "evaluation.agreement": "Compare the readings of a case",
  "evaluation.report": "Compute a report",
  "studies.export": "Export a study",
  "workflow.advance": "Look what is due next",
};

/** Return the words for a kind; an unknown one is made readable. */
export function wordsOfKind(kind: string): string {
  return WORDS[kind] ?? kind.replace(".", ": ").replaceAll("_", " ");
}
