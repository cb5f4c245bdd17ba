import { cleanup, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Question } from "@/api/assignment";
import { offers } from "@/workbench/rubric";
import { openWorkbench, press } from "./opened";
import { Server } from "./server";

// jsdom draws nothing; the overlay then stays empty.
HTMLCanvasElement.prototype.getContext = () => null;
configure({ getElementError: (message) => new Error(message ?? "not found") });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const DISAGREEMENT = {
  id: 3,
  study: 1,
  study_name: "Study",
  case: 1,
  series: 1,
  layer: "main",
  layer_name: "Labels",
  readers: 4,
  most_bits: 1.58,
  image: "disagreement of labels",
};

/** A server whose map has the values 0 to 199 over and over: the fake viewer reads them as intensities. */
function generous(): Server {
  const server = new Server();
  server.guides = {
    outlines: [
      { kind: "start", labels: "start" },
      { kind: "previous", labels: "mask of the previous exam" },
    ],
    probabilities: [{ key: "ED", map: "probability of ED" }],
  };
  return server;
}

test("a study that shows nothing has no place for it", async () => {
  await openWorkbench(new Server());
  expect(screen.queryByText("To compare")).toBeNull();
});

test("outlines are off until asked for, and what cannot be read is told", async () => {
  const server = generous();
  await openWorkbench(server);
  const previous = screen.getByRole("switch", { name: "Previous exam" });
  expect(previous).toHaveProperty("checked", false);
  server.trouble = "broken";
  fireEvent.click(previous);
  expect((await screen.findByRole("alert")).textContent).toContain("The server had a problem.");
  server.trouble = "none";
  fireEvent.click(screen.getByRole("switch", { name: "Mask as given" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("the probability above its threshold becomes the label, as one step that undo takes back", async () => {
  const [viewer] = await openWorkbench(generous());
  const before = viewer?.labels?.slice() ?? new Uint8Array();
  fireEvent.click(screen.getByRole("switch", { name: "Probability" }));
  fireEvent.click(await screen.findByRole("button", { name: "Turn into mask" }));
  expect(await screen.findByText("Probability ≥ 0.50 · Oedema")).toBeTruthy();
  const raw = viewer?.picture?.intensities.raw ?? [];
  const expected = before.map((_, n) => ((raw[n] as number) >= 0.5 ? 2 : (before[n] as number)));
  expect(viewer?.labels).toEqual(expected);
  press("z", { ctrlKey: true });
  await waitFor(() => expect(viewer?.labels).toEqual(before));
});

test("an option that begins with its key does not say it twice", () => {
  const options = [
    { key: "4", text: "4 Very good", hotkey: "4" },
    { key: "none", text: "Nothing", hotkey: "1" },
  ];
  const question: Question = {
    key: "quality",
    text: "How good is it?",
    kind: "choice",
    per_sequence: false,
    options,
    shown_if: null,
  };
  expect(offers(question).map(({ text }) => text)).toEqual(["Very good", "Nothing"]);
});

test("a locked label keeps its voxels when a probability is turned into a mask", async () => {
  const [viewer] = await openWorkbench(generous());
  fireEvent.click(screen.getByRole("button", { name: "Lock Enhancing tumour" }));
  fireEvent.click(screen.getByRole("switch", { name: "Probability" }));
  fireEvent.click(await screen.findByRole("button", { name: "Turn into mask" }));
  await screen.findByText("Probability ≥ 0.50 · Oedema");
  expect(viewer?.labels?.filter((label) => label === 1)).toHaveLength(20);
});

test("where readers disagree is offered to those who see it, and is off until asked for", async () => {
  const server = new Server();
  server.disputes = [DISAGREEMENT];
  await openWorkbench(server);
  const wanted = await screen.findByRole("switch", { name: /^Where 4 people disagree/ });
  expect(wanted).toHaveProperty("checked", false);
  expect(server.addresses).not.toContain("disagreement of labels");
  fireEvent.click(wanted);
  await waitFor(() => expect(server.addresses).toContain("disagreement of labels"));
  expect(screen.getByText(/1.58 bits/)).toBeTruthy();
});

const GUIDES = ["Mask as given", "Previous exam", "Probability", /^Where 4 people disagree/];
const states = () =>
  Promise.all(
    GUIDES.map(async (name) => (await screen.findByRole<HTMLInputElement>("switch", { name })).checked),
  );

test("what was asked for in one study is off in the next, and on in that study's next case", async () => {
  const opened = async (studyId: number) => {
    cleanup();
    const server = generous();
    server.studyId = studyId;
    server.disputes = [DISAGREEMENT];
    await openWorkbench(server);
    return server;
  };
  await opened(1);
  expect(await states()).toEqual([false, false, false, false]);
  for (const name of GUIDES) fireEvent.click(await screen.findByRole("switch", { name }));
  expect(await states()).toEqual([true, true, true, true]);
  const next = await opened(2);
  expect(await states()).toEqual([false, false, false, false]);
  for (const address of ["mask of the previous exam", "probability of ED", "disagreement of labels"])
    expect(next.addresses).not.toContain(address);
  await opened(1);
  expect(await states()).toEqual([true, true, true, true]);
  fireEvent.click(screen.getByRole("switch", { name: "Probability" }));
  expect(await states()).toEqual([true, true, false, true]);
});
