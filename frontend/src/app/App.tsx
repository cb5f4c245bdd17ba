/** The application: theme, queries, session, routes, and the net below them. */
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter, RouterProvider } from "react-router";
import { ApiError } from "@/api/client";
import { routes } from "@/pages/routes";
import { forgetPerson, onForgotten } from "@/workbench/forget";
import { ErrorBoundary } from "./ErrorBoundary";
import { SessionProvider } from "./session";
import { readableGreys, theme } from "./theme";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 2,
    },
  },
});

const router = createBrowserRouter(routes);

/** Everything a person sees hangs below this. */
export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={readableGreys} defaultColorScheme="auto">
      <ErrorBoundary>
        <QueryClientProvider client={queries}>
          <SessionProvider
            beforeLeaving={(person) => forgetPerson(String(person.id))}
            onLeftElsewhere={onForgotten}
          >
            <ModalsProvider>
              <Notifications position="bottom-left" limit={4} />
              <RouterProvider router={router} />
            </ModalsProvider>
          </SessionProvider>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}
