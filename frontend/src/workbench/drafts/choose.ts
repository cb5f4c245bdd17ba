/** Which version to open: what this browser kept, or what the server has. Newest wins; a true conflict is asked. */

/** What is known of the version kept in this browser. */
export interface LocalVersion {
  readonly base: string;
  readonly sequence: number;
  /** True when it holds changes that the server has never seen. */
  readonly unsent: boolean;
}

/** What is known of the server's version. `sequence` is 0 when it has no draft. */
export interface ServerVersion {
  readonly base: string;
  readonly sequence: number;
}

/** Open the local one, the server's one, or ask the person. */
export type Choice = "local" | "server" | "ask";

/**
 * Compare by sequence: the local version says which server sequence it continues.
 * Another base means that the work began from another mask: unsent work is then never merged silently.
 */
export function choose(local: LocalVersion | null, server: ServerVersion): Choice {
  if (!local) return "server";
  if (local.base !== server.base) return local.unsent ? "ask" : "server";
  if (local.sequence >= server.sequence) return "local";
  return local.unsent ? "ask" : "server";
}
