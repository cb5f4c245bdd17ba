// @vitest-environment node
/** A journal that cannot be replayed: the case opens all the same, and nothing that lies there is thrown away. */
import { expect, test } from "vitest";
import { answered, forgetPerson, openDatabase, settled } from "@/workbench/drafts/database";
import { keptFile } from "@/workbench/drafts/keptFile";
import { countUnsent } from "@/workbench/forget";
import type { WorkbenchSession } from "@/workbench/session";
import { Server } from "./server";
import { crash, open, paint, person, workOf } from "./sessions";

/** Three strokes that the server never got, damaged in the store, and the case opened again. */
async function openDamaged(
  server: Server,
  damage: (drafts: IDBObjectStore, steps: IDBObjectStore) => Promise<void>,
): Promise<WorkbenchSession> {
  const session = await open(server);
  server.trouble = "offline";
  for (const voxel of [1, 2, 3]) await paint(workOf(session), [voxel]);
  await crash(session);
  server.trouble = "none";
  const database = await openDatabase(person);
  const transaction = database.transaction(["drafts", "steps"], "readwrite");
  const done = settled(transaction);
  await damage(transaction.objectStore("drafts"), transaction.objectStore("steps"));
  await done;
  database.close();
  return open(server);
}

async function changeRecord(drafts: IDBObjectStore, fields: object): Promise<void> {
  const [record] = await answered<object[]>(drafts.getAll());
  drafts.put({ ...record, ...fields });
}

async function removeStep(steps: IDBObjectStore, number: number): Promise<void> {
  const keys = await answered(steps.getAllKeys());
  steps.delete(keys[number] as IDBValidKey);
}

function damageIn(session: WorkbenchSession) {
  const phase = session.phase.get();
  if (phase.kind !== "damaged") throw new Error(`The session is ${phase.kind}.`);
  return phase.damage;
}

test("a step that is missing in the middle is seen, and what came before it is kept as a branch", async () => {
  const server = new Server();
  const session = await openDamaged(server, (_, steps) => removeStep(steps, 1));
  expect(damageIn(session).readable?.steps).toBe(1);
  await session.goOnBesideDamage();
  expect(workOf(session).editor.store.concatenate()).toEqual(server.start);
  expect(server.branches.map((labels) => [...labels.slice(1, 4)])).toEqual([[2, 0, 0]]);

  const [aside, ...more] = await workOf(session).asides();
  expect(more).toEqual([]);
  expect(aside?.steps.map(({ number }) => number)).toEqual([0, 2]);
  expect(aside?.record).toMatchObject({ position: 3 });
});

test.each<[string, (drafts: IDBObjectStore, steps: IDBObjectStore) => Promise<void>]>([
  ["the last step is missing", (_, steps) => removeStep(steps, 2)],
  ["a step does not fit what came before it", (_, steps) => swapSteps(steps)],
  ["a step has torn bytes", (_, steps) => tearStep(steps)],
  ["the first state is of another size", (drafts) => changeRecord(drafts, { snapshot: Uint8Array.of(0, 7) })],
  [
    "the first state ends in the middle",
    (drafts) => changeRecord(drafts, { snapshot: Uint8Array.of(0, 200) }),
  ],
  [
    "parts of the record are missing",
    (drafts) => changeRecord(drafts, { snapshot: null, revision: undefined }),
  ],
])("when %s the person is told, and work goes on beside it", async (_, damage) => {
  const server = new Server();
  const session = await openDamaged(server, damage);
  expect(damageIn(session).why).not.toBe("");
  expect(await countUnsent(person)).toBe(1);
  await session.goOnBesideDamage();
  expect(workOf(session).editor.store.concatenate()).toEqual(server.start);
  expect(await workOf(session).asides()).toHaveLength(1);
  expect(await countUnsent(person)).toBe(1);

  await paint(workOf(session), [9]);
  await workOf(session).saver.run();
  await crash(session);
  const again = workOf(await open(server));
  expect(again.editor.store.layer(0)[9]).toBe(2);
  expect(await again.asides()).toHaveLength(1);
});

test("steps whose record is lost are set aside, and not deleted by a new beginning", async () => {
  const server = new Server();
  const session = await openDamaged(server, async (drafts) => void drafts.clear());
  expect(damageIn(session).why).toBe("Parts of the record are missing.");
  await session.goOnBesideDamage();
  const [aside] = await workOf(session).asides();
  expect(aside?.steps.map(({ number }) => number)).toEqual([0, 1, 2]);
  expect(await countUnsent(person)).toBe(1);
});

/** A step over voxels that another step changed before it. */
async function swapSteps(steps: IDBObjectStore): Promise<void> {
  const [keys, values] = await Promise.all([
    answered(steps.getAllKeys()),
    answered<unknown[]>(steps.getAll()),
  ]);
  steps.put(values[0], keys[1]);
}

async function tearStep(steps: IDBObjectStore): Promise<void> {
  const [keys, values] = await Promise.all([
    answered(steps.getAllKeys()),
    answered<{ edit: { bytes: Uint8Array } }[]>(steps.getAll()),
  ]);
  const step = values[1] as { edit: { bytes: Uint8Array } };
  steps.put({ ...step, edit: { ...step.edit, bytes: step.edit.bytes.slice(0, 2) } }, keys[1]);
}

test("where the store has no room to set the damage aside nothing is written over it", async () => {
  const server = new Server();
  const session = await openDamaged(server, (_, steps) => removeStep(steps, 1));
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException("No room.", "QuotaExceededError");
  };
  await session.goOnBesideDamage();
  IDBObjectStore.prototype.add = add;
  expect(workOf(session).unkept.get()?.why).toBe("full");
  await paint(workOf(session), [9]);
  await crash(session);
  expect((await open(server)).phase.get().kind).toBe("damaged");
});

test("signing out removes what was set aside", async () => {
  const server = new Server();
  const session = await openDamaged(server, (_, steps) => removeStep(steps, 1));
  await session.goOnBesideDamage();
  await crash(session);
  await forgetPerson(person);
  expect(await countUnsent(person)).toBe(0);
  expect(await workOf(await open(server)).asides()).toEqual([]);
});

test("the file holds every byte", async () => {
  const record = { snapshot: Uint8Array.of(0, 255) };
  const facts = { assignment: "x", record, steps: [{ number: 4, step: new Map([[1, 2]]) }] };
  expect(JSON.parse(await keptFile(facts).text())).toEqual({
    format: "overread-kept-draft",
    version: 1,
    assignment: "x",
    record: { snapshot: { base64: "AP8=" } },
    steps: [{ number: 4, step: [[1, 2]] }],
  });
});
