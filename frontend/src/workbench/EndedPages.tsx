/** What the workbench shows when a case ended or what was kept of it cannot be read: what happened, where the work is. */
import { Alert, Button, Group, Loader, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Assignment, AssignmentApi, Ending } from "@/api/assignment";
import { isUnsent } from "./drafts/database";
import type { KeptDraft } from "./drafts/journal";
import { factsOf, saveKept } from "./drafts/keptFile";
import type { Damage } from "./drafts/rebuild";
import type { Ended } from "./ending";
import { LeavingQuestion } from "./LeavingQuestion";
import { nextToDo } from "./prefetch";
import { Home, StandingPage } from "./StandingPage";
import type { WorkbenchSession } from "./session";

const TITLES: Readonly<Record<Ending, string>> = {
  "handed in": "You have handed this case in",
  closed: "The lead has closed this study",
  "not open": "This case is not open to you any more",
};

/** A case that cannot be worked on any more. */
export function EndedPage({
  session,
  api,
  ended,
}: {
  session: WorkbenchSession;
  api: AssignmentApi;
  ended: Ended;
}) {
  const { why, assignment, kept, late } = ended;
  return (
    <StandingPage>
      <LeavingQuestion isOnlyHere={() => late === "in this window"} />
      <Title order={2}>{TITLES[why]}</Title>
      {why === "closed" && <Text>Nothing is taken any more. What you saved before stays on the server.</Text>}
      {why === "not open" && (
        <Text>
          It was taken out of the study, or you were, or somebody else has signed in in this browser. Ask the
          lead of the study.
        </Text>
      )}
      <Late late={late} />
      {kept && (
        <Group>
          <Button onClick={() => void session.start()}>Try again</Button>
          {(why === "closed" || late === "in this window") && (
            <Button variant="default" onClick={() => saveKept(factsOf(kept, TITLES[why]))}>
              Download it
            </Button>
          )}
        </Group>
      )}
      {why === "handed in" && assignment ? <Onwards api={api} assignment={assignment} /> : <Home />}
    </StandingPage>
  );
}

/** Where the work is that came too late. */
function Late({ late }: Pick<Ended, "late">) {
  if (late === "none") return null;
  return (
    <Alert color="yellow" title="You had gone on working here" ta="left" role="status">
      {late === "on the server" &&
        "What you did here and had not sent is kept on the server beside what was handed in. It changes nothing there; when the lead returns the case, you find it under Versions."}
      {late === "in this browser" &&
        "What you did here and had not sent is kept in this browser only, until you sign out."}
      {late === "in this window" &&
        "What you did here and had not sent exists in this window only: the browser keeps nothing. Do not close it before you have downloaded it."}
    </Alert>
  );
}

/** The case goes back to this window from another one, which never got all that was done here. */
export function LeftBehindPage({
  session,
  left,
  isSent,
}: {
  session: WorkbenchSession;
  left: KeptDraft;
  isSent: boolean;
}) {
  const why = "The browser's store had refused it when another window took the case over.";
  return (
    <StandingPage>
      <LeavingQuestion isOnlyHere={() => !isSent} />
      <Title order={2}>The other window does not have all of your work</Title>
      {isSent ? (
        <Text>
          This browser could not keep what you did here last. It is now on the server beside the other
          window's version: you find it under Versions.
        </Text>
      ) : (
        <Text>
          This browser could not keep what you did here last, and the server cannot take it now: it exists in
          this window only. Do not close it. Try again, or download it before you go on without it.
        </Text>
      )}
      <Group>
        {isSent ? (
          <Button onClick={() => void session.takeOverWithout()}>Go on</Button>
        ) : (
          <>
            <Button onClick={() => void session.takeOver()}>Try again</Button>
            <Button variant="default" onClick={() => saveKept(factsOf(left, why))}>
              Download it
            </Button>
            <Button variant="default" color="red" onClick={() => void session.takeOverWithout()}>
              Go on without it
            </Button>
          </>
        )}
      </Group>
    </StandingPage>
  );
}

/** After a case that was handed in: the next one. */
export function Onwards({ api, assignment }: { api: AssignmentApi; assignment: Assignment }) {
  const next = useQuery({
    queryKey: ["next assignment", assignment.study.id, assignment.id],
    queryFn: () => nextToDo(api, assignment),
  });
  return (
    <>
      <Text>
        Case {assignment.position} of {assignment.total} in {assignment.study.name}. The lead can open it
        again if something has to be changed.
      </Text>
      {next.isPending && <Loader size="sm" />}
      {next.data && (
        <Button component={Link} to={`/assignments/${next.data.id}`} autoFocus>
          Next case ({next.data.position} of {next.data.total})
        </Button>
      )}
      {next.isSuccess && !next.data && <Text>That was the last one waiting for you in this study.</Text>}
      <Home />
    </>
  );
}

/** What this browser kept cannot be replayed: go on with the server's version, and nothing is thrown away. */
export function DamagedPage({
  session,
  assignment,
  damage,
}: {
  session: WorkbenchSession;
  assignment: Assignment;
  damage: Damage;
}) {
  const { kept, readable, why } = damage;
  const unsent = isUnsent(kept.record);
  const savedAt = assignment.draft ? new Date(assignment.draft.saved_at).toLocaleString() : null;
  return (
    <StandingPage>
      <Title order={2}>What this browser kept of this case is damaged</Title>
      <Text>
        {unsent
          ? "Some of your work had not reached the server, and not all of it can be read here."
          : "All of it had reached the server: only the steps of undo cannot be read."}{" "}
        You can go on with the server's version ({savedAt ? `saved ${savedAt}` : "the mask as it was given"}).
      </Text>
      <Text>
        {unsent && readable
          ? `${readable.steps} of ${kept.record.position} steps can be read. The mask after them is then kept on the server, under Versions. `
          : ""}
        All that lies here stays in this browser until you sign out. You can also download it for those who
        look after this platform.
      </Text>
      <Group>
        <Button onClick={() => void session.goOnBesideDamage()}>Go on with the server's</Button>
        <Button variant="default" onClick={() => saveKept(factsOf(kept, why))}>
          Download what is here
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {why}
      </Text>
      <Home />
    </StandingPage>
  );
}
