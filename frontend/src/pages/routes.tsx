/** Every address of the application, in one table. A page is loaded when it is first visited. */
import type { ComponentType } from "react";
import type { RouteObject } from "react-router";
import { RouteError } from "@/app/ErrorBoundary";
import { Shell } from "@/app/Shell";
import { SignedIn } from "./session/SignedIn";

/** A route whose page module is fetched on first visit; the module exports the page as `Page`. */
function page(path: string, load: () => Promise<{ Page: ComponentType }>): RouteObject {
  return { path, lazy: async () => ({ Component: (await load()).Page }) };
}

/** Pages that need no sign-in. */
const OPEN: RouteObject[] = [
  page("/sign-in", () => import("./session/SignInPage")),
  page("/password-reset", () => import("./session/PasswordResetPage")),
  page("/password-reset/:key", () => import("./session/NewPasswordPage")),
  page("/invitations/:token", () => import("./session/InvitationPage")),
];

/** Pages in the shell, for whoever is signed in. */
const SIGNED_IN: RouteObject[] = [
  page("/studies", () => import("./studies/StudiesPage")),
  page("/studies/new", () => import("./studies/NewStudyPage")),
  page("/studies/:studyId/:tab?", () => import("./studies/StudyPage")),
  page("/reports/:reportId", () => import("./reports/ReportPage")),
  page("/reports/:reportId/compare/:otherId", () => import("./reports/ComparePage")),
  page("/", () => import("./home/HomePage")),
  page("/cases", () => import("./cases/CasesPage")),
  page("/cases/:caseId", () => import("./cases/CasePage")),
  page("/jobs", () => import("./jobs/JobsPage")),
  page("/models", () => import("./models/ModelsPage")),
  page("/admin/:tab?", () => import("./admin/AdminPage")),
  page("/account", () => import("./account/AccountPage")),
  page("/import", () => import("./import/ImportStartPage")),
  page("/import/:importId", () => import("./import/ImportPage")),
];

export const routes: RouteObject[] = [
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      page("/assignments/:assignmentId", () => import("./workbench/WorkbenchPage")),
      ...OPEN,
      {
        element: <Shell />,
        children: [{ element: <SignedIn />, children: SIGNED_IN }, page("*", () => import("./NotFoundPage"))],
      },
    ],
  },
];
