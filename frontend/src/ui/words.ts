/** What to tell a person about an error. */

/** Return the words of an error: the server's own where it gave some. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
