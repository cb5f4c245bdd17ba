/** The workbench on a server in memory, with fake viewers: one for each pane that was opened. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, vi } from "vitest";
import { makeGrid } from "@/labels";
import { FakeViewer } from "@/viewer/fake";
import type { SettingsAccount } from "@/workbench/ownSettings";
import { Workbench } from "@/workbench/Workbench";
import { FakeAccount } from "./account";
import { AFFINE, type Server, SHAPE } from "./server";

/** Open a case and wait until its first pane shows image and mask. The list grows with every pane. */
export async function openWorkbench(
  server: Server,
  {
    assignmentId = `case ${Math.random()}`,
    account = new FakeAccount(),
  }: { assignmentId?: string; account?: SettingsAccount } = {},
): Promise<FakeViewer[]> {
  const viewers: FakeViewer[] = [];
  const openViewer = async () => {
    const viewer = new FakeViewer(makeGrid([...SHAPE], AFFINE));
    viewers.push(viewer);
    return viewer;
  };
  const bench = (
    <Workbench
      assignmentId={assignmentId}
      person={{ id: "7", email: "rater@example.org" }}
      onSignedIn={async () => undefined}
      onTitle={vi.fn()}
      api={server}
      openViewer={openViewer}
      account={account}
    />
  );
  const router = createMemoryRouter([
    { path: "/", element: <p>Home</p> },
    { path: "/case", element: bench },
  ]);
  await router.navigate("/case");
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByText("Case 1 of 3");
  await waitFor(() => expect(viewers[0]?.picture).not.toBeNull());
  await waitFor(() => expect(viewers[0]?.labels).not.toBeNull());
  return viewers;
}

/** Press a key on the page. */
export function press(key: string, more: Partial<KeyboardEventInit> = {}): void {
  const code = /^[0-9]$/.test(key) ? `Digit${key}` : "";
  act(() => void fireEvent.keyDown(document.body, { key, code, ...more }));
}

/** Drag over a pane, from and to in its pixels. */
export function dragIn(
  pane: string | RegExp,
  {
    from,
    to,
    ...init
  }: { from: readonly [number, number]; to: readonly [number, number] } & PointerEventInit,
): void {
  const canvas = screen.getByLabelText(pane);
  const at = ([clientX, clientY]: readonly [number, number]) => ({
    clientX,
    clientY,
    pointerId: 1,
    button: 0,
    ...init,
  });
  act(() => {
    fireEvent.pointerDown(canvas, at(from));
    fireEvent.pointerMove(canvas, at(to));
    fireEvent.pointerUp(canvas, at(to));
  });
}
