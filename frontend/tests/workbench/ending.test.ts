// @vitest-environment node
/** A case that ends while a window has it: what happened is said, and work that comes too late is kept. */
import { expect, test, vi } from "vitest";
import type { Ended } from "@/workbench/ending";
import { countUnsent } from "@/workbench/forget";
import type { WorkbenchSession } from "@/workbench/session";
import { Server } from "./server";
import { crash, open, paint, person, workOf } from "./sessions";

async function endOf(session: WorkbenchSession): Promise<Ended> {
  return vi.waitFor(() => {
    const phase = session.phase.get();
    if (phase.kind !== "ended") throw new Error(`The session is ${phase.kind}.`);
    return phase.ended;
  });
}

test("handed in on another machine: the work here is kept beside it, and the case is found again when it comes back", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1, 2]);
  const mine = workOf(session).editor.store.concatenate();
  server.state = "submitted";
  await workOf(session).saver.run();
  expect(await endOf(session)).toMatchObject({ why: "handed in", late: "on the server", kept: null });
  expect(server.branches).toEqual([mine]);
  expect(await countUnsent(person)).toBe(0);

  await crash(session);
  server.state = "returned";
  expect(workOf(await open(server)).editor.history.steps.length).toBe(0);
});

test("work that was kept offline is put beside what another machine handed in when the case is opened", async () => {
  const server = new Server();
  const session = await open(server);
  server.trouble = "offline";
  await paint(workOf(session), [1]);
  const mine = workOf(session).editor.store.concatenate();
  await crash(session);
  server.trouble = "none";
  server.state = "submitted";
  expect(await endOf(await open(server))).toMatchObject({ why: "handed in", late: "on the server" });
  expect(server.branches).toEqual([mine]);
});

test("submitting what another machine has handed in ends the case, too", async () => {
  const server = new Server();
  const session = await open(server);
  server.state = "submitted";
  await session.submit();
  expect(await endOf(session)).toMatchObject({ why: "handed in", late: "none" });
});

test("what is drawn while the case is being handed in is kept beside it", async () => {
  const server = new Server();
  const session = await open(server);
  const work = workOf(session);
  await paint(work, [1]);
  const handIn = server.submit.bind(server);
  vi.spyOn(server, "submit").mockImplementation(async (...given) => {
    await handIn(...given);
    await paint(work, [2]); // the dialog was closed, and the answer takes its time
  });
  await session.submit();
  expect(await endOf(session)).toMatchObject({ why: "handed in", late: "on the server", kept: null });
  expect(server.submissions.length).toBe(1);
  expect(server.branches).toEqual([work.editor.store.concatenate()]);
  expect(await countUnsent(person)).toBe(0);
});

test("a save that is refused before the submission is answered leaves the case once", async () => {
  const server = new Server();
  const session = await open(server);
  const work = workOf(session);
  const handIn = server.submit.bind(server);
  vi.spyOn(server, "submit").mockImplementation(async (...given) => {
    await handIn(...given);
    await paint(work, [2]);
    await work.saver.run();
    await endOf(session);
  });
  await session.submit();
  expect(await endOf(session)).toMatchObject({ why: "handed in", late: "on the server" });
  expect(server.branches.length).toBe(1);
});

test("when the lead closes the study the work stays in this browser, and can be taken along", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1]);
  server.closed = true;
  await workOf(session).saver.run();
  const ended = await endOf(session);
  expect(ended).toMatchObject({ why: "closed", late: "in this browser" });
  expect(ended.kept?.steps.length).toBe(1);
  expect(server.branches).toEqual([]);
  expect(await countUnsent(person)).toBe(1);
});

test("a case that was taken away keeps its work in this browser, and goes on when it is given back", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1]);
  server.trouble = "gone";
  await workOf(session).saver.run();
  expect(await endOf(session)).toMatchObject({ why: "not open", assignment: null, late: "in this browser" });
  server.trouble = "none";
  await session.start();
  expect(workOf(session).editor.store.layer(0)[1]).toBe(2);
});

test("what a full disk refused is not lost when the case ends", async () => {
  const server = new Server();
  const session = await open(server);
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("No room.", "QuotaExceededError");
  });
  await paint(workOf(session), [1]);
  const mine = workOf(session).editor.store.concatenate();
  server.state = "submitted";
  await workOf(session).saver.run();
  expect(await endOf(session)).toMatchObject({ late: "on the server" });
  expect(server.branches).toEqual([mine]);
  put.mockRestore();
});
