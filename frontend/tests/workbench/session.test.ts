// @vitest-environment node
import { expect, test, vi } from "vitest";
import { forgetPerson, unsentCases } from "@/workbench/drafts/database";
import { countUnsent } from "@/workbench/forget";
import { WorkbenchSession } from "@/workbench/session";
import { relabel } from "../labels/relabel";
import { RUBRIC, Server } from "./server";
import { crash, fillDisk, open, opened, paint, person, workOf } from "./sessions";

test("a case opens with the mask as it was given, and is then open", async () => {
  const server = new Server();
  const work = workOf(await open(server));
  expect(work.editor.store.concatenate()).toEqual(server.start);
  expect(server.state).toBe("open");
});

test("after a crash offline, every stroke and the undo of it are there again", async () => {
  const server = new Server();
  const session = await open(server);
  server.trouble = "offline";
  await paint(workOf(session), [1, 2, 3]);
  await paint(workOf(session), [3, 4, 5], 1);
  await workOf(session).editor.undo();
  const painted = workOf(session).editor.store.concatenate();
  await crash(session);

  server.trouble = "none";
  const { editor, saver } = workOf(await open(server));
  expect(editor.store.concatenate()).toEqual(painted);
  expect(editor.history.steps.length).toBe(2);
  await editor.redo();
  expect(editor.store.layer(0)[4]).toBe(1);
  await editor.goTo(0);
  expect(editor.store.concatenate()).toEqual(server.start);
  await editor.goTo(1);
  await saver.run();
  expect(server.draft?.labels).toEqual(painted);
});

test.each([false, true])(
  "who leaves a case right after a stroke leaves it on the server, and is asked nothing when it is opened again (answer lost: %s)",
  async (loseAnswers) => {
    const server = new Server();
    const session = await open(server);
    await paint(workOf(session), [1, 2, 3]);
    const painted = workOf(session).editor.store.concatenate();
    server.loseAnswers = loseAnswers;
    await session.close();
    await vi.waitFor(() => expect(server.draft?.labels).toEqual(painted));
    server.loseAnswers = false;
    const { editor, saver } = workOf(await open(server));
    expect(editor.store.concatenate()).toEqual(painted);
    await saver.run();
    expect(saver.status.get().kind).toBe("saved");
    expect(server.branches).toEqual([]);
  },
);

test("work that is nowhere but in a window counts as unsent until the server has it", async () => {
  const server = new Server();
  const freeDisk = fillDisk();
  const session = await open(server);
  server.trouble = "offline";
  await paint(workOf(session), [1, 2, 3]);
  expect(session.isOnlyHere).toBe(true);
  expect(await countUnsent(person)).toBe(1);
  expect(await countUnsent("somebody else")).toBe(0);
  server.trouble = "none";
  await workOf(session).saver.run();
  expect(session.isOnlyHere).toBe(false);
  expect(await countUnsent(person)).toBe(0);
  freeDisk();
});

/** Every second voxel from a place on, in turns of labels: such steps do not pack well. */
const scattered = (n: number) => Array.from({ length: 300 }, (_, i) => (i * 2 + n * 13) % 2000);

test("old steps are folded away, and undo of all is the start: at once, after a reload, and with true counts", async () => {
  const server = new Server();
  const session = await open(server);
  const { editor } = workOf(session);
  for (let n = 0; n < 45; n++) await paint(workOf(session), scattered(n), n % 3);
  const isFolded = ({ history } = editor) => history.steps.some(({ edit }) => edit.deflated);
  await vi.waitFor(() => expect(isFolded()).toBe(true));
  const end = editor.store.concatenate();
  const counted = editor.statistics();
  await editor.goTo(0);
  expect(editor.store.concatenate()).toEqual(server.start);
  await editor.goTo(45);
  expect(editor.store.concatenate()).toEqual(end);
  await crash(session);

  const again = workOf(await open(server)).editor;
  expect(again.store.concatenate()).toEqual(end);
  expect(again.statistics()).toEqual(counted);
  await vi.waitFor(() => expect(isFolded(again)).toBe(true));
  while (again.history.position > 0) await again.undo();
  expect(again.store.concatenate()).toEqual(server.start);
});

test("while an old step is fetched nothing can be drawn, and a second undo does not undo twice", async () => {
  const { editor } = workOf(await open(new Server()));
  for (let n = 0; n < 45; n++) {
    const edit = relabel(0, editor.store.layer(0), { voxels: Uint32Array.from(scattered(n)), label: n % 3 });
    await editor.apply(edit, { name: "Brush", tool: "brush" });
  }
  await vi.waitFor(() => expect(editor.history.steps.some(({ edit }) => edit.deflated)).toBe(true));
  const going = [editor.goTo(5), editor.goTo(3)];
  expect(editor.eraseTarget(null, { activeOnly: false, limits: { range: null, brain: null } })).toBeNull();
  await Promise.all(going);
  expect(editor.history.position).toBe(5);
  expect(
    editor.eraseTarget(null, { activeOnly: false, limits: { range: null, brain: null } }),
  ).not.toBeNull();
});

test("a stroke is in the browser's store within 250 ms", async () => {
  const work = workOf(await open(new Server()));
  const began = performance.now();
  await paint(
    work,
    Array.from({ length: 2000 }, (_, i) => i),
  );
  expect(performance.now() - began).toBeLessThan(250);
});

test("with a full disk the work says so and goes to the server; with room again all of it is kept", async () => {
  const server = new Server();
  const session = await open(server);
  const work = workOf(session);
  await paint(work, [1]);
  const makeRoom = fillDisk();
  await paint(work, [2]);
  await paint(work, [3]);
  await work.editor.undo();
  await paint(work, [4]);
  expect(work.unkept.get()?.why).toBe("full");
  await work.saver.run();
  expect(server.draft?.labels).toEqual(work.editor.store.concatenate());

  makeRoom();
  server.trouble = "offline";
  await paint(work, [5]);
  expect(work.unkept.get()).toBeNull();
  const painted = work.editor.store.concatenate();
  await crash(session);
  server.trouble = "none";
  const { editor } = workOf(await open(server));
  expect(editor.store.concatenate()).toEqual(painted);
  expect(editor.history.steps.length).toBe(4);
  await editor.goTo(0);
  expect(editor.store.concatenate()).toEqual(server.start);
});

test("what a full disk refused does not tear what it kept before", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1]);
  const kept = workOf(session).editor.store.concatenate();
  server.trouble = "offline";
  const makeRoom = fillDisk();
  await workOf(session).editor.undo();
  await paint(workOf(session), [2]);
  await paint(workOf(session), [3]);
  await crash(session);
  makeRoom();
  server.trouble = "none";
  expect(workOf(await open(server)).editor.store.concatenate()).toEqual(kept);
});

test("a browser without a store opens the case, says that it keeps nothing, and sends the work", async () => {
  const opening = vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("Not here.", "SecurityError");
  });
  const server = new Server();
  const session = await open(server);
  const work = workOf(session);
  expect(work.unkept.get()).toEqual({ why: "refused", detail: "SecurityError Not here." });
  await paint(work, [1]);
  await work.saver.run();
  expect(server.draft?.labels[1]).toBe(2);
  expect(await countUnsent(person)).toBe(0);
  await session.submit();
  expect(session.phase.get().kind).toBe("submitted");
  opening.mockRestore();
});

test("a store that is deleted while the case is open says so at once, and the work goes to the server", async () => {
  const server = new Server();
  const session = await open(server);
  const work = workOf(session);
  await paint(work, [1]);
  await forgetPerson(person);
  expect(work.unkept.get()?.why).toBe("cleared");
  await paint(work, [2]);
  await work.saver.run();
  expect(work.saver.status.get().kind).toBe("saved");
  expect(server.draft?.labels.slice(1, 3)).toEqual(Uint8Array.of(2, 2));

  // Another machine saves: what this window holds in hand only is not lost by the question which one to go on with.
  server.draft = { sequence: 9, labels: server.start.slice() };
  await paint(work, [3]);
  await work.saver.run();
  const mine = work.editor.store.concatenate();
  await session.reopenAfterConflict();
  await session.settle("local");
  expect(workOf(session).editor.store.concatenate()).toEqual(mine);
  expect(await unsentCases(person)).toEqual([]); // nothing was written into a new store: it may be another person's turn
  await session.submit();
  expect(session.phase.get().kind).toBe("submitted");
});

test("a sign-in that runs out keeps the work, and sending goes on after signing in", async () => {
  const server = new Server();
  const { saver, ...work } = workOf(await open(server));
  server.trouble = "signed out";
  await paint({ saver, ...work }, [1]);
  await saver.run();
  expect(saver.status.get().kind).toBe("signed out");
  server.trouble = "none";
  await saver.resume();
  expect(saver.status.get().kind).toBe("saved");
  expect(server.draft?.labels[1]).toBe(2);
});

test("submitting sends the last stroke first, then answers, time and statistics; the local draft is gone", async () => {
  const server = new Server();
  server.rubric = RUBRIC;
  const session = await open(server);
  const work = workOf(session);
  await paint(work, [1, 2, 3]);
  await paint(work, [400], 0);
  work.answers.set({ consistent: true, missing: { T1c: "none", FLAIR: "none" } });
  await session.submit();
  expect(server.draft?.labels[1]).toBe(2);
  expect(server.submissions).toEqual([
    {
      sequence: 1,
      answers: { consistent: true, missing: { T1c: "none", FLAIR: "none" } },
      active_seconds: 0,
      idle_seconds: 0,
      edits: { added: { ET: 0, ED: 3 }, removed: { ET: 1, ED: 0 }, tools: { brush: 2 } },
    },
  ]);
  expect(session.phase.get().kind).toBe("submitted");
  server.state = "returned";
  server.draft = null;
  await crash(session);
  expect(workOf(await open(server)).editor.history.steps.length).toBe(0);
});

test("an unchanged mask is submitted as it was given, without a draft", async () => {
  const server = new Server();
  const session = await open(server);
  await session.submit();
  expect(server.uploads).toEqual([]);
  expect(server.submissions[0]?.sequence).toBe(0);
});

test("a refused submission leaves the work as it is", async () => {
  const server = new Server();
  const session = await open(server);
  await paint(workOf(session), [1]);
  server.trouble = "offline";
  await expect(session.submit()).rejects.toThrow("kept here");
  expect(workOf(session).editor.store.layer(0)[1]).toBe(2);
});

test("answers survive a closed window", async () => {
  const server = new Server();
  server.rubric = RUBRIC;
  const first = await open(server);
  workOf(first).answers.set({ consistent: false });
  await crash(first);
  expect(workOf(await open(server)).answers.get()).toEqual({ consistent: false });
});

test("answers and comments reach the server by themselves, and another machine goes on with them", async () => {
  const server = new Server();
  server.rubric = RUBRIC;
  const first = await open(server);
  const comment = { id: "1", voxel: [1, 2, 3], text: "Cavity." } as const;
  workOf(first).answers.set({ consistent: false });
  workOf(first).comments.set([comment]);
  await paint(workOf(first), [1, 2, 3]);
  workOf(first).clock.sign(Date.now());
  workOf(first).clock.tick(Date.now(), { hidden: false });
  first.keepTime();
  await workOf(first).saver.run();
  await crash(first);
  await forgetPerson(person); // as on a computer that has never seen the case

  const second = await open(server);
  const work = workOf(second);
  expect(work.answers.get()).toEqual({ consistent: false });
  expect(work.comments.get()).toEqual([comment]);
  expect(work.clock.activeSeconds).toBe(1);
  await paint(work, [7]);
  expect(work.editor.statistics()).toEqual({
    added: { ET: 0, ED: 4 },
    removed: { ET: 0, ED: 0 },
    tools: { brush: 2 },
  });
});

test("another version is gone on with as one step, which undo takes back and a reload keeps", async () => {
  const server = new Server();
  const session = await open(server);
  const { editor } = workOf(session);
  await paint(workOf(session), [1, 2, 3]);
  const present = editor.store.concatenate();
  expect(await editor.adopt([server.start], "Restore")).toBe(true);
  expect(editor.store.concatenate()).toEqual(server.start);
  expect(await editor.adopt([server.start], "Restore")).toBe(false);
  await crash(session);

  const again = workOf(await open(server)).editor;
  expect(again.store.concatenate()).toEqual(server.start);
  expect(again.history.steps.map(({ name }) => name)).toEqual(["Brush", "Restore"]);
  await again.undo();
  expect(again.store.concatenate()).toEqual(present);
  await again.redo();
  expect(again.store.concatenate()).toEqual(server.start);
});

test("going on with a version changes locked labels, too: a version is a whole state, as undo is", async () => {
  const server = new Server();
  const { editor, ...work } = workOf(await open(server));
  await paint({ editor, ...work }, [1, 2, 3]);
  editor.toggleLock("ED");
  expect(await editor.adopt([server.start], "Restore")).toBe(true);
  expect(editor.store.concatenate()).toEqual(server.start);
});

test("a version of two layers is one step in both", async () => {
  const server = new Server();
  server.layers = 2;
  const { editor } = workOf(await open(server));
  const start = editor.store.concatenate();
  const other = editor.store.layers.map((layer, n) => layer.slice().fill(n + 1, 10, 20));
  await editor.adopt(other, "Restore");
  expect(editor.store.layers.map((layer) => layer[15])).toEqual([1, 2]);
  expect(editor.statistics().tools).toEqual({ restore: 1 });
  await editor.undo();
  expect(editor.store.concatenate()).toEqual(start);
  expect(editor.history.position).toBe(0);
  await editor.redo();
  expect(editor.history.position).toBe(2);
});

test("one person's drafts are not seen by another, and signing out removes them", async () => {
  const server = new Server();
  const mine = await open(server);
  server.trouble = "offline";
  await paint(workOf(mine), [1]);
  await crash(mine);
  server.trouble = "none";
  const other = await open(server, "somebody else");
  expect(workOf(other).editor.history.steps.length).toBe(0);
  await crash(other);
  await forgetPerson(person);
  expect(workOf(await open(server)).editor.history.steps.length).toBe(0);
});

test("signing out can know of work that never reached the server", async () => {
  const server = new Server();
  const work = workOf(await open(server));
  expect(await countUnsent(person)).toBe(0);
  await paint(work, [1]);
  expect(await countUnsent(person)).toBe(1);
  await work.saver.run();
  expect(await countUnsent(person)).toBe(0);
});

test("a case that waits for its pre-segmentation or was handed in says so", async () => {
  const server = new Server();
  server.state = "waiting";
  expect((await open(server)).phase.get().kind).toBe("waiting");
  server.state = "submitted";
  const again = new WorkbenchSession(server, { person, assignment: "another" });
  opened.push(again);
  await again.start();
  expect(again.phase.get()).toMatchObject({ kind: "ended", ended: { why: "handed in", late: "none" } });
});
