/** Comments at voxels, as values: written, changed, removed. */
import type { Comment } from "@/api/assignment";

/** As many as the server takes with one reading. */
export const MOST_COMMENTS = 200;
/** Characters of one comment. */
export const LONGEST_COMMENT = 2000;

/** Return the comments with one more, at a voxel. The text must say something. */
export function withComment(comments: readonly Comment[], { id, voxel, text }: Comment): readonly Comment[] {
  if (text.trim() === "" || comments.length >= MOST_COMMENTS) return comments;
  return [...comments, { id, voxel, text: text.trim() }];
}

/** Return the comments with another text in one of them; without it when the text says nothing any more. */
export function changed(comments: readonly Comment[], id: string, text: string): readonly Comment[] {
  if (text.trim() === "") return without(comments, id);
  return comments.map((each) => (each.id === id ? { ...each, text: text.trim() } : each));
}

/** Return the comments without one. */
export function without(comments: readonly Comment[], id: string): readonly Comment[] {
  return comments.filter((each) => each.id !== id);
}

/** Return the comments with those of another version that say something else or at another voxel. */
export function joined(comments: readonly Comment[], others: readonly Comment[]): readonly Comment[] {
  const said = new Set(comments.map(signature));
  const ids = new Set(comments.map(({ id }) => id));
  const missing = others.filter((each) => !said.has(signature(each)));
  const taken = missing.map((each) =>
    each.id && !ids.has(each.id) ? each : { ...each, id: crypto.randomUUID() },
  );
  return [...comments, ...taken].slice(0, MOST_COMMENTS);
}

function signature({ voxel, text }: Comment): string {
  return `${voxel.join(" ")} ${text}`;
}
