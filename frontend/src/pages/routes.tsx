/** Every address of the application, in one table. A page is loaded when it is first visited. */
import type { ComponentType } from "react";
import type { RouteObject } from "react-router";
import { RouteError } from "@/app/ErrorBoundary";
import { Shell } from "@/app/Shell";

/** A route whose page module is fetched on first visit; the module exports the page as `Page`. */
function page(path: string, load: () => Promise<{ Page: ComponentType }>): RouteObject {
  return { path, lazy: async () => ({ Component: (await load()).Page }) };
}

export const routes: RouteObject[] = [
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      page("/assignments/:assignmentId", () => import("./workbench/WorkbenchPage")),
      {
        element: <Shell />,
        children: [page("*", () => import("./NotFoundPage"))],
      },
    ],
  },
];
