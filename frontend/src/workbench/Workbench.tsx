/** The workbench: opens one assignment and shows where that stands, from loading to submitted. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useState } from "react";
import { type AssignmentApi, assignmentApi } from "@/api/assignment";
import { type OpenViewer, openViewer as openRealViewer } from "@/viewer";
import { BenchView } from "./BenchView";
import { useCell } from "./cell";
import { OwnSettings, type SettingsAccount } from "./ownSettings";
import { prepareViewer } from "./pane/spare";
import { Standing } from "./Standing";
import { WorkbenchSession } from "./session";

/** Who works, and what happens around the case. */
export interface WorkbenchProps {
  readonly assignmentId: string;
  readonly person: { readonly id: string; readonly email: string };
  /** Read again who is signed in, after a sign-in inside the workbench. */
  readonly onSignedIn: () => Promise<void>;
  readonly onTitle: (title: string) => void;
  /** Tests give others. */
  readonly api?: AssignmentApi;
  readonly openViewer?: OpenViewer;
  readonly account?: SettingsAccount;
}

export function Workbench({
  assignmentId,
  person,
  onSignedIn,
  onTitle,
  api = assignmentApi,
  openViewer = openRealViewer,
  account,
}: WorkbenchProps) {
  useDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each case gets a viewer of its own
  useEffect(() => prepareViewer(openViewer), [openViewer, assignmentId]);
  const session = useSession({ api, person: person.id, assignmentId });
  const own = useOwnSettings(person.id, account);
  if (!session || !own) return null;
  return (
    <Phases
      session={session}
      own={own}
      person={person}
      api={api}
      openViewer={openViewer}
      onSignedIn={onSignedIn}
      onTitle={onTitle}
    />
  );
}

function useSession({
  api,
  person,
  assignmentId,
}: {
  api: AssignmentApi;
  person: string;
  assignmentId: string;
}): WorkbenchSession | null {
  const [session, setSession] = useState<WorkbenchSession | null>(null);
  useEffect(() => {
    const opened = new WorkbenchSession(api, { person, assignment: assignmentId });
    setSession(opened);
    void opened.start();
    return () => {
      setSession(null);
      void opened.close();
    };
  }, [api, person, assignmentId]);
  return session;
}

function useOwnSettings(person: string, account: SettingsAccount | undefined): OwnSettings | null {
  const [own, setOwn] = useState<OwnSettings | null>(null);
  useEffect(() => {
    const opened = new OwnSettings(person, account);
    setOwn(opened);
    return () => {
      setOwn(null);
      opened.close();
    };
  }, [person, account]);
  return own;
}

function Phases({
  session,
  ...around
}: {
  session: WorkbenchSession;
  own: OwnSettings;
  person: WorkbenchProps["person"];
  api: AssignmentApi;
  openViewer: OpenViewer;
  onSignedIn: () => Promise<void>;
  onTitle: (title: string) => void;
}) {
  const phase = useCell(session.phase);
  if (phase.kind !== "ready") return <Standing session={session} phase={phase} {...around} />;
  return <BenchView key={phase.work.assignment.id} session={session} work={phase.work} {...around} />;
}

/** Images are judged in the dark, whatever the rest of the system looks like. */
function useDark(): void {
  const scheme = useComputedColorScheme();
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.setAttribute("data-mantine-color-scheme", "dark");
    return () => root.setAttribute("data-mantine-color-scheme", scheme);
  }, [scheme]);
}
