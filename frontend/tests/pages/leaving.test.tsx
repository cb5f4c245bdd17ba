import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { SESSION_KEY, SessionProvider, useSession } from "@/app/session";

afterEach(cleanup);

function Who() {
  return <p>{useSession().person?.email ?? "nobody"}</p>;
}

test("who signs out in another window is signed out here, and what was read is forgotten", async () => {
  const queries = new QueryClient();
  queries.setQueryData(SESSION_KEY, { id: 7, email: "rater@example.org" });
  queries.setQueryData(["case"], "of the one who left");
  let left: () => void = () => undefined;
  const stop = vi.fn();
  const { unmount } = render(
    <QueryClientProvider client={queries}>
      <SessionProvider
        beforeLeaving={async () => undefined}
        onLeftElsewhere={(listener) => {
          left = listener;
          return stop;
        }}
      >
        <Who />
      </SessionProvider>
    </QueryClientProvider>,
  );
  expect(screen.getByText("rater@example.org")).toBeTruthy();
  act(() => left());
  expect(await screen.findByText("nobody")).toBeTruthy();
  expect(queries.getQueryData(["case"])).toBeUndefined();
  unmount();
  expect(stop).toHaveBeenCalled();
});
