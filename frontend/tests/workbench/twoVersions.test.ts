// @vitest-environment node
/** Two versions of one case: from another machine, or from two windows of one browser. */
import { expect, test } from "vitest";
import { forgetPerson } from "@/workbench/drafts/database";
import type { WorkbenchSession } from "@/workbench/session";
import { Server } from "./server";
import { crash, fillDisk, open, paint, person, workOf } from "./sessions";

test("another machine's later draft is taken when nothing here is unsent", async () => {
  const server = new Server();
  const first = await open(server);
  await paint(workOf(first), [1]);
  await workOf(first).saver.run();
  await crash(first);
  const elsewhere = server.start.slice();
  elsewhere[99] = 2;
  server.draft = { sequence: 7, labels: elsewhere };
  expect(workOf(await open(server)).editor.store.concatenate()).toEqual(elsewhere);
});

async function twoVersions(
  server: Server,
): Promise<{ session: WorkbenchSession; mine: Uint8Array; theirs: Uint8Array }> {
  const first = await open(server);
  server.trouble = "offline";
  await paint(workOf(first), [1, 2]);
  const mine = workOf(first).editor.store.concatenate();
  await crash(first);
  server.trouble = "none";
  const theirs = server.start.slice();
  theirs[50] = 2;
  server.draft = { sequence: 1, labels: theirs };
  return { session: await open(server), mine, theirs };
}

test("two versions with unsent work are asked about, and nothing is touched before", async () => {
  const server = new Server();
  const { session, theirs } = await twoVersions(server);
  expect(session.phase.get().kind).toBe("two versions");
  expect(server.draft?.labels).toEqual(theirs);
  expect(server.branches).toEqual([]);
});

test("going on with this browser's version keeps the server's as a branch", async () => {
  const server = new Server();
  const { session, mine, theirs } = await twoVersions(server);
  await session.settle("local");
  const { editor, saver } = workOf(session);
  expect(editor.store.concatenate()).toEqual(mine);
  await saver.run();
  expect(server.branches).toEqual([theirs]);
  expect(server.draft).toMatchObject({ sequence: 2, labels: mine });
});

test("going on with the server's version keeps this browser's as a branch", async () => {
  const server = new Server();
  const { session, mine, theirs } = await twoVersions(server);
  await session.settle("server");
  expect(workOf(session).editor.store.concatenate()).toEqual(theirs);
  expect(server.branches).toEqual([mine]);
});

test.each(["local", "server"] as const)("the longer time counts, whichever goes on (%s)", async (version) => {
  for (const seconds of [12, 99]) {
    const server = new Server();
    const first = await open(server);
    server.trouble = "offline";
    for (let second = 0; second < 36; second++) workOf(first).clock.tick(Date.now(), { hidden: false });
    first.keepTime();
    await paint(workOf(first), [1, 2]);
    await crash(first);
    server.trouble = "none";
    server.draft = { sequence: 1, labels: server.start.slice() };
    server.notes = { ...server.notes, active_seconds: seconds, idle_seconds: 0 };
    const session = await open(server);
    await session.settle(version);
    expect(workOf(session).clock.activeSeconds).toBe(Math.max(36, seconds));
    await crash(session);
    await forgetPerson(person);
  }
});

test("a draft saved elsewhere while working stops the sending and asks", async () => {
  const server = new Server();
  const session = await open(server);
  server.draft = { sequence: 4, labels: server.start.slice() };
  await paint(workOf(session), [1]);
  await workOf(session).saver.run();
  expect(workOf(session).saver.status.get().kind).toBe("conflict");
  await session.reopenAfterConflict();
  expect(session.phase.get().kind).toBe("two versions");
});

test("a second window asks; taking over gives it all the work of the first, which stops", async () => {
  const server = new Server();
  const first = await open(server);
  await paint(workOf(first), [7]);
  const second = await open(server);
  expect(second.phase.get().kind).toBe("held elsewhere");
  await second.takeOver();
  expect(workOf(second).editor.store.layer(0)[7]).toBe(2);
  expect(workOf(first).editor.state.get().readOnly).toBe(true);
  expect(
    workOf(first).editor.target(null, {
      over: "everything",
      overLabels: [],
      limits: { range: null, brain: null },
    }),
  ).toBeNull();
  expect(workOf(first).saver.status.get().kind).toBe("elsewhere");
});

test("a window that stepped back writes and sends nothing more: what follows is the other one's work", async () => {
  const server = new Server();
  const first = await open(server);
  await paint(workOf(first), [7]);
  const second = await open(server);
  await second.takeOver();
  server.trouble = "offline";
  await paint(workOf(second), [8]);
  await paint(workOf(second), [9]);
  first.keepTime();
  workOf(first).answers.set({ consistent: true });
  await workOf(first).saver.resume();
  expect(workOf(first).saver.status.get().kind).toBe("elsewhere");
  await expect(first.submit()).rejects.toThrow("another window");
  await crash(second);
  await crash(first);
  server.trouble = "none";
  const { editor, answers } = workOf(await open(server));
  expect([7, 8, 9].map((voxel) => editor.store.layer(0)[voxel])).toEqual([2, 2, 2]);
  expect(editor.history.position).toBe(3);
  expect(answers.get()).toEqual({});
});

test("a save whose answer was lost is no second version, also when the work went on", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1]);
  server.loseAnswers = true;
  await workOf(session).saver.run();
  await paint(workOf(session), [2]);
  await crash(session);
  server.loseAnswers = false;
  const again = workOf(await open(server));
  expect([1, 2].map((voxel) => again.editor.store.layer(0)[voxel])).toEqual([2, 2]);
  await again.saver.run();
  expect(again.saver.status.get().kind).toBe("saved");
  expect(server.draft?.labels.slice(1, 3)).toEqual(Uint8Array.of(2, 2));
  expect(server.branches).toEqual([]);
});

test("a save whose answer was lost is no second version while the page stays open: the next save goes on from it", async () => {
  const server = new Server();
  const { saver, ...work } = workOf(await open(server));
  await paint({ saver, ...work }, [1]);
  server.loseAnswers = true;
  await saver.run();
  expect(saver.status.get().kind).toBe("offline");
  await work.editor.undo();
  await paint({ saver, ...work }, [2]); // the state that was saved is no step of the history any more
  server.loseAnswers = false;
  await saver.run();
  expect(saver.status.get().kind).toBe("saved");
  expect(server.draft?.labels.slice(1, 3)).toEqual(Uint8Array.of(0, 2));
  expect(server.branches).toEqual([]);
});

test("a state that is sent again keeps its key, however often, and another state gets another", async () => {
  const server = new Server();
  const { saver, ...work } = workOf(await open(server));
  await paint({ saver, ...work }, [1]);
  server.loseAnswers = true;
  await saver.run();
  await saver.run();
  await paint({ saver, ...work }, [2]);
  await saver.run();
  const keys = server.uploads.map(({ saveKey }) => saveKey);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(new Set(keys).size).toBe(2);
});

test("a later draft of somebody else is asked about, though its labels are the very same", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1]);
  server.loseAnswers = true;
  await workOf(session).saver.run();
  if (server.draft) server.draft = { ...server.draft, saveKey: "of another browser" };
  await workOf(session).saver.run();
  expect(workOf(session).saver.status.get().kind).toBe("conflict");
  await crash(session);
  server.loseAnswers = false;
  expect((await open(server)).phase.get().kind).toBe("two versions");
});

test("a window that stepped back takes the case back, with all that the other one did", async () => {
  const server = new Server();
  const first = await open(server);
  await paint(workOf(first), [7]);
  const second = await open(server);
  await second.takeOver();
  server.trouble = "offline"; // the other window's work is in the browser only
  await paint(workOf(second), [8]);
  server.trouble = "none";
  await first.takeOver();
  const { editor, saver, unkept } = workOf(first);
  expect(editor.history.steps.length).toBe(2);
  expect(unkept.get()).toBeNull();
  expect([7, 8].map((voxel) => editor.store.layer(0)[voxel])).toEqual([2, 2]);
  expect(editor.state.get().readOnly).toBe(false);
  expect(workOf(second).saver.status.get().kind).toBe("elsewhere");
  await paint(workOf(first), [9]);
  await saver.run();
  expect(server.draft?.labels.slice(7, 10)).toEqual(Uint8Array.of(2, 2, 2));
  expect(server.branches).toEqual([]);
});

/** A window that stepped back with a stroke that is nowhere else: the disk was full and the server away. */
async function steppedBackUnkept(server: Server) {
  const first = await open(server);
  await paint(workOf(first), [7]);
  await workOf(first).saver.run();
  server.trouble = "offline";
  const makeRoom = fillDisk();
  await paint(workOf(first), [8]);
  const mine = workOf(first).editor.store.concatenate();
  const second = await open(server);
  await second.takeOver();
  makeRoom();
  expect(workOf(first).saver.status.get().kind).toBe("elsewhere");
  return { first, mine };
}

test("what only the window has that stepped back is kept on the server before it takes the case back", async () => {
  const server = new Server();
  const { first, mine } = await steppedBackUnkept(server);
  server.trouble = "none";
  await first.takeOver();
  expect(first.phase.get()).toMatchObject({ kind: "left behind", isSent: true });
  expect(server.branches).toEqual([mine]);
  await first.takeOverWithout();
  expect([7, 8].map((voxel) => workOf(first).editor.store.layer(0)[voxel])).toEqual([2, 0]);
});

test("what only the window has that stepped back is not dropped while the server is away", async () => {
  const server = new Server();
  const { first, mine } = await steppedBackUnkept(server);
  await first.takeOver();
  expect(first.phase.get()).toMatchObject({ kind: "left behind", isSent: false });
  server.trouble = "none";
  await first.takeOver();
  expect(first.phase.get()).toMatchObject({ kind: "left behind", isSent: true });
  expect(server.branches).toEqual([mine]);
});

test("what a server lost that was set back to a backup is sent again when the case is opened", async () => {
  const server = new Server();
  const first = await open(server);
  await paint(workOf(first), [1]);
  await workOf(first).saver.run();
  const backup = server.draft;
  await paint(workOf(first), [2]);
  await workOf(first).saver.run();
  const mine = workOf(first).editor.store.concatenate();
  await crash(first);
  server.draft = backup;
  const session = await open(server);
  expect(workOf(session).editor.store.concatenate()).toEqual(mine);
  await session.submit();
  expect(session.phase.get().kind).toBe("submitted");
  expect(server.draft).toMatchObject({ sequence: 2, labels: mine });
});
