/** Pages of a window that holds the only copy of some work. */
import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, expect, test } from "vitest";
import type { KeptDraft } from "@/workbench/drafts/journal";
import { EndedPage, LeftBehindPage } from "@/workbench/EndedPages";
import type { Ended } from "@/workbench/ending";
import { WorkbenchSession } from "@/workbench/session";
import { Server } from "./server";

afterEach(cleanup);

const kept = { record: { assignment: "case-1" }, steps: [], beyond: [] } as unknown as KeptDraft;

function show(page: (session: WorkbenchSession) => React.ReactNode): void {
  const session = new WorkbenchSession(new Server(), { person: "p", assignment: "case-1" });
  const router = createMemoryRouter(
    [
      { path: "/", element: <p>Home</p> },
      { path: "/case", element: page(session) },
    ],
    { initialEntries: ["/case"] },
  );
  render(
    <MantineProvider env="test">
      <RouterProvider router={router} />
    </MantineProvider>,
  );
}

function isAskedOnLeaving(): boolean {
  return !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

test.each<[Ended["late"], boolean]>([
  ["in this window", true],
  ["in this browser", false],
])(
  "work of a case that was withdrawn, kept %s: question and download are there when it must be",
  (late, isOnlyHere) => {
    const ended: Ended = { why: "not open", assignment: null, late, kept };
    show((session) => <EndedPage session={session} api={new Server()} ended={ended} />);
    expect(isAskedOnLeaving()).toBe(isOnlyHere);
    expect(screen.queryByRole("button", { name: "Download it" }) !== null).toBe(isOnlyHere);
  },
);

test("going to another page asks, too; who stays has everything, and who leaves is let go", async () => {
  const ended: Ended = { why: "not open", assignment: null, late: "in this window", kept };
  show((session) => <EndedPage session={session} api={new Server()} ended={ended} />);
  fireEvent.click(screen.getByRole("link", { name: "Back to my cases" }));
  const dialog = await screen.findByRole("dialog");
  fireEvent.click(within(dialog).getByRole("button", { name: "Stay" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByRole("button", { name: "Download it" })).toBeTruthy();
  fireEvent.click(screen.getByRole("link", { name: "Back to my cases" }));
  fireEvent.click(await screen.findByRole("button", { name: "Leave and lose it" }));
  expect(await screen.findByText("Home")).toBeTruthy();
});

test.each([true, false])("work left behind that is on the server (%s) or not", (isSent) => {
  show((session) => <LeftBehindPage session={session} left={kept} isSent={isSent} />);
  expect(isAskedOnLeaving()).toBe(!isSent);
  expect(screen.queryByRole("button", { name: "Download it" }) !== null).toBe(!isSent);
});
