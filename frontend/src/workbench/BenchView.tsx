/** An opened case on screen: bars, panels, picture, dialogs, and what happens with time. */
import { memo, useCallback, useEffect, useMemo, useState } from "react";
import type { AssignmentApi } from "@/api/assignment";
import type { OpenViewer } from "@/viewer";
import { Bench } from "./bench";
import { useCell, useMade } from "./cell";
import { ProblemDialog, ProtocolDialog, SignInDialog, SubmitDialog } from "./dialogs";
import { HelpDialog } from "./HelpDialog";
import { listenToKeys } from "./keyboard";
import { type OwnKeys, ownKeys } from "./keys";
import { LeavingQuestion } from "./LeavingQuestion";
import { Notices } from "./Notices";
import type { OwnSettings } from "./ownSettings";
import { Panes } from "./pane/Panes";
import { RightSide } from "./panels/RightSide";
import { StatusBar } from "./panels/StatusBar";
import { TopBar, type TopBarActions } from "./panels/TopBar";
import { ViewPanel } from "./panels/ViewPanel";
import { prefetchNext } from "./prefetch";
import { Scoring } from "./scoring";
import type { Work, WorkbenchSession } from "./session";
import { Versions } from "./versions";
import classes from "./Workbench.module.css";

type Dialog = "protocol" | "help" | "submit" | "problem" | "sign in" | null;

export interface BenchViewProps {
  readonly session: WorkbenchSession;
  readonly work: Work;
  readonly own: OwnSettings;
  readonly person: { readonly id: string; readonly email: string };
  readonly api: AssignmentApi;
  readonly openViewer: OpenViewer;
  readonly onSignedIn: () => Promise<void>;
  readonly onTitle: (title: string) => void;
}

export function BenchView({
  session,
  work,
  own,
  person,
  api,
  openViewer,
  onSignedIn,
  onTitle,
}: BenchViewProps) {
  const { bench, scoring, versions } = useMemo(() => {
    const made = new Bench(work, own);
    return { bench: made, scoring: new Scoring(made), versions: new Versions(api, made) };
  }, [work, own, api]);
  const keys = useCell(ownKeys);
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = useCallback(() => setDialog(null), []);
  useEffect(() => () => bench.close(), [bench]);
  useTime(session, work);
  useResume(work);
  useFirstAct(own);
  usePrefetch(api, work);
  useKeys({ bench, scoring, open: setDialog });
  const { assignment } = work;
  const actions = useMemo<TopBarActions>(
    () => ({
      onSubmit: () => bench.isSettled() && setDialog("submit"),
      onProtocol: () => setDialog("protocol"),
      onHelp: () => setDialog("help"),
      onProblem: () => setDialog("problem"),
      onSignIn: () => setDialog("sign in"),
      onConflict: () => void session.reopenAfterConflict(),
      onTakeBack: () => void session.takeOver(),
    }),
    [session, bench],
  );
  useEffect(
    () => onTitle(`Case ${assignment.position} of ${assignment.total} · ${assignment.study.name}`),
    [onTitle, assignment],
  );

  return (
    <div className={classes.workbench}>
      <LeavingQuestion isOnlyHere={() => session.isOnlyHere} />
      <Furniture
        keys={keys}
        bench={bench}
        scoring={scoring}
        versions={versions}
        actions={actions}
        openViewer={openViewer}
      />
      <ProtocolDialog
        opened={dialog === "protocol"}
        onClose={close}
        name={assignment.study.name}
        protocol={assignment.study.protocol}
      />
      <HelpDialog opened={dialog === "help"} onClose={close} own={own} />
      <ProblemDialog
        opened={dialog === "problem"}
        onClose={close}
        onSend={(text) => api.reportProblem(assignment.id, text)}
      />
      <SubmitDialog
        opened={dialog === "submit"}
        onClose={close}
        missing={dialog === "submit" ? scoring.missing() : []}
        steps={work.editor.history.position}
        isAsGiven={work.editor.history.position === 0 && assignment.draft === null}
        onScore={(slot) => {
          close();
          scoring.enter(slot);
        }}
        onSubmit={() => session.submit()}
      />
      <SignInDialog
        opened={dialog === "sign in"}
        onClose={close}
        email={person.email}
        onSignedIn={async () => {
          await onSignedIn();
          void own.exchange();
          await work.saver.resume();
          if (work.saver.status.get().kind !== "signed out") close();
        }}
      />
    </div>
  );
}

/** All but the dialogs: a dialog that opens or closes draws none of it again. Every tooltip names its key. */
const Furniture = memo(function Furniture({
  bench,
  scoring,
  versions,
  actions,
  openViewer,
}: {
  keys: OwnKeys;
  bench: Bench;
  scoring: Scoring;
  versions: Versions;
  actions: TopBarActions;
  openViewer: OpenViewer;
}) {
  return (
    <>
      <TopBar bench={bench} actions={actions} />
      <ViewPanel bench={bench} />
      <main className={classes.centre}>
        <Panes bench={bench} openViewer={openViewer} />
      </main>
      <Notices bench={bench} />
      <RightSide bench={bench} scoring={scoring} versions={versions} />
      <StatusBar bench={bench} scoring={scoring} />
    </>
  );
});

const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel"] as const;
const KEEP_TIME_MS = 15_000;

/** Count the seconds, and keep them now and then and when the window goes away. */
function useTime(session: WorkbenchSession, { clock }: Work): void {
  useEffect(() => {
    const sign = () => clock.sign(Date.now());
    const tick = setInterval(() => clock.tick(Date.now(), { hidden: document.hidden }), 1000);
    const keep = setInterval(() => session.keepTime(), KEEP_TIME_MS);
    const leave = () => session.keepTime();
    for (const event of SIGNS) window.addEventListener(event, sign, { passive: true });
    window.addEventListener("pagehide", leave);
    return () => {
      clearInterval(tick);
      clearInterval(keep);
      for (const event of SIGNS) window.removeEventListener(event, sign);
      window.removeEventListener("pagehide", leave);
    };
  }, [session, clock]);
}

/** Send what was kept when the network or the person comes back. */
function useResume({ saver }: Work): void {
  useEffect(() => {
    const back = () => {
      const { kind } = saver.status.get();
      if (kind === "offline" || kind === "failed" || kind === "signed out") void saver.resume();
    };
    window.addEventListener("online", back);
    window.addEventListener("focus", back);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("focus", back);
    };
  }, [saver]);
}

/** What comes from the account after the first key or click waits for the next case. */
function useFirstAct(own: OwnSettings): void {
  useEffect(() => {
    const act = () => own.act();
    for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, act, { capture: true });
    return () => {
      for (const event of ["pointerdown", "keydown"])
        window.removeEventListener(event, act, { capture: true });
    };
  }, [own]);
}

/** When all images of this case are here, fetch the next case. */
function usePrefetch(api: AssignmentApi, { images, assignment }: Work): void {
  const complete = useMade(images.sequences, (all) =>
    all.every(({ picture, error }) => picture !== null || error !== null),
  );
  useEffect(() => {
    if (!complete) return;
    const abort = new AbortController();
    void prefetchNext(api, assignment, abort.signal);
    return () => abort.abort();
  }, [api, assignment, complete]);
}

function useKeys({
  bench,
  scoring,
  open,
}: {
  bench: Bench;
  scoring: Scoring;
  open: (dialog: Dialog) => void;
}): void {
  useEffect(
    () =>
      listenToKeys(bench, scoring, {
        submit: () => bench.isSettled() && open("submit"),
        help: () => open("help"),
      }),
    [bench, scoring, open],
  );
}
