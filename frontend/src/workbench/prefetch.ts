/** The next case is fetched while something else is looked at, so that it opens at once. */
import type { Assignment, AssignmentApi, AssignmentSummary } from "@/api/assignment";

const TO_DO = new Set<AssignmentSummary["state"]>(["ready", "open", "returned"]);

/** Return the next assignment of the same study that waits for the person, or null. Later ones come first. */
export async function nextToDo(api: AssignmentApi, current: Assignment): Promise<AssignmentSummary | null> {
  const all = await api.list(current.study.id);
  const open = all
    .filter((each) => each.id !== current.id && TO_DO.has(each.state))
    .sort((a, b) => a.position - b.position);
  return open.find((each) => each.position > current.position) ?? open[0] ?? null;
}

/** Read the next case of the study into the browser's cache. A failure is of no consequence. */
export async function prefetchNext(
  api: AssignmentApi,
  current: Assignment,
  signal: AbortSignal,
): Promise<void> {
  const next = await nextToDo(api, current).catch(() => null);
  if (next) await prefetchCase(api, next.id, signal);
}

/**
 * Read a case's mask and its images into the browser's cache, the first image first. A failure is of no consequence:
 * the case is then loaded when it is opened.
 */
export async function prefetchCase(api: AssignmentApi, id: string, signal: AbortSignal): Promise<void> {
  try {
    if (signal.aborted) return;
    const assignment = await api.read(id);
    if (assignment.state === "waiting") return;
    await api.bytes(assignment.draft?.labels ?? assignment.start, signal);
    for (const { image } of assignment.series) await api.bytes(image, signal);
  } catch {
    return;
  }
}
