import { expect, test, vi } from "vitest";
import { makeGrid } from "@/labels";
import { FakeViewer } from "@/viewer/fake";
import { prepareViewer, takeViewer } from "@/workbench/pane/spare";

const UNIT = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

function maker() {
  const made: FakeViewer[] = [];
  const open = vi.fn(async () => {
    const viewer = new FakeViewer(makeGrid([2, 2, 2], UNIT));
    made.push(viewer);
    return viewer;
  });
  return { made, open };
}

test("the first pane takes the viewer that was prepared, the next one gets its own", async () => {
  const { made, open } = maker();
  const giveUp = prepareViewer(open);
  const [first, second] = [takeViewer(open), takeViewer(open)];
  expect(open).toHaveBeenCalledTimes(2);
  expect([await first.viewer, await second.viewer]).toEqual(made);
  giveUp();
  expect(made[0]?.closed).toBe(false);
  first.release();
  expect(made.map(({ closed }) => closed)).toEqual([true, false]);
});

test("a prepared viewer that nobody took is freed, also when it is made only later", async () => {
  const { made, open } = maker();
  prepareViewer(open)();
  await vi.waitFor(() => expect(made[0]?.closed).toBe(true));
  const other = maker();
  expect(takeViewer(other.open).viewer).toBeDefined();
  expect(other.open).toHaveBeenCalledOnce();
});
