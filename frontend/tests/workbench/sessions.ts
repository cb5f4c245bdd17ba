/** Sessions of one person on a fake server and a fake store of the browser, closed after each test. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, vi } from "vitest";
import { type Work, WorkbenchSession } from "@/workbench/session";
import { relabel } from "../labels/relabel";
import type { Server } from "./server";

vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, 0));
/** The sessions that are closed when the test ends. */
export const opened: WorkbenchSession[] = [];
/** Who works in the test that runs: nobody was here before. */
export let person = "";

beforeEach(() => {
  person = `person-${Math.random()}`;
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

export async function open(server: Server, who = person): Promise<WorkbenchSession> {
  const session = new WorkbenchSession(server, { person: who, assignment: `case-1 ${person}` });
  opened.push(session);
  await session.start();
  return session;
}

export function workOf(session: WorkbenchSession): Work {
  const phase = session.phase.get();
  if (phase.kind !== "ready") throw new Error(`The session is ${phase.kind}: ${JSON.stringify(phase)}`);
  return phase.work;
}

export async function paint({ editor }: Work, voxels: number[], label = 2): Promise<void> {
  const edit = relabel(0, editor.store.layer(0), { voxels: Uint32Array.from(voxels), label });
  editor.store.apply(edit);
  await editor.record(edit, { name: "Brush", tool: "brush" });
}

/** The window is gone without a word, as after a crash: nothing more is written or sent. */
export async function crash(session: WorkbenchSession): Promise<void> {
  const phase = session.phase.get();
  if (phase.kind === "ready") phase.work.saver.yieldToOther();
  await session.close();
}

/** From now on the browser's store refuses every change, as when the disk is full. Returns the end of that. */
export function fillDisk(): () => void {
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("No room.", "QuotaExceededError");
  });
  return () => put.mockRestore();
}
