/** What the workbench shows when nothing can be edited: loading, open elsewhere, two versions, damaged, ended, failed. */
import { Alert, Button, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Assignment, AssignmentApi } from "@/api/assignment";
import { ApiError } from "@/api/client";
import { wordsOf } from "@/ui/words";
import { SignInDialog } from "./dialogs";
import { DamagedPage, EndedPage, LeftBehindPage, Onwards } from "./EndedPages";
import type { LocalVersion } from "./opening";
import { Home, StandingPage } from "./StandingPage";
import type { Phase, WorkbenchSession } from "./session";

type Waiting = Exclude<Phase, { kind: "ready" }>;

export function Standing({
  session,
  phase,
  person,
  api,
  onSignedIn,
}: {
  session: WorkbenchSession;
  phase: Waiting;
  person: { readonly email: string };
  api: AssignmentApi;
  onSignedIn: () => Promise<void>;
}) {
  switch (phase.kind) {
    case "loading":
      return (
        <StandingPage>
          <Loader />
          <Text role="status">{phase.step}</Text>
        </StandingPage>
      );
    case "held elsewhere":
      return <HeldElsewhere session={session} />;
    case "waiting":
      return (
        <StandingPage>
          <Title order={2}>This case is not ready yet</Title>
          <Text>Its pre-segmentation is being computed. It will appear in your list when it is there.</Text>
          <Button onClick={() => void session.start()}>Look again</Button>
          <Home />
        </StandingPage>
      );
    case "two versions":
      return <TwoVersions session={session} assignment={phase.assignment} local={phase.local} />;
    case "damaged":
      return <DamagedPage session={session} assignment={phase.assignment} damage={phase.damage} />;
    case "left behind":
      return <LeftBehindPage session={session} left={phase.left} isSent={phase.isSent} />;
    case "ended":
      return <EndedPage session={session} api={api} ended={phase.ended} />;
    case "submitted":
      return (
        <StandingPage>
          <Title order={2}>Submitted</Title>
          <Onwards api={api} assignment={phase.assignment} />
        </StandingPage>
      );
    case "failed":
      return <Failed session={session} error={phase.error} person={person} onSignedIn={onSignedIn} />;
  }
}

function HeldElsewhere({ session }: { session: WorkbenchSession }) {
  return (
    <StandingPage>
      <Title order={2}>This case is open in another window</Title>
      <Text>
        Only one window edits a case at a time. The other one keeps its work and stops when you go on here.
      </Text>
      <Button onClick={() => void session.takeOver()}>Go on here</Button>
      <Home />
    </StandingPage>
  );
}

function TwoVersions({
  session,
  assignment,
  local,
}: {
  session: WorkbenchSession;
  assignment: Assignment;
  local: LocalVersion;
}) {
  const { changedAt, position } = local.kept.record;
  const savedAt = assignment.draft ? new Date(assignment.draft.saved_at).toLocaleString() : null;
  return (
    <StandingPage>
      <Title order={2}>There are two versions of this case</Title>
      <Text>
        This browser has work that never reached the server, and the server has another version. Choose which
        one to go on with. The other one is kept beside it on the server: nothing is lost.
      </Text>
      <Group grow align="stretch" w="100%">
        <Stack gap={4}>
          <Button onClick={() => void session.settle("local")}>Go on with this browser's</Button>
          <Text size="sm">{new Date(changedAt).toLocaleString()}</Text>
          <Text size="sm" c="dimmed">
            {position} {position === 1 ? "step" : "steps"} of editing
          </Text>
        </Stack>
        <Stack gap={4}>
          <Button variant="default" onClick={() => void session.settle("server")}>
            Go on with the server's
          </Button>
          <Text size="sm">{savedAt ?? "the mask as it was given"}</Text>
        </Stack>
      </Group>
    </StandingPage>
  );
}

function Failed({
  session,
  error,
  person,
  onSignedIn,
}: {
  session: WorkbenchSession;
  error: unknown;
  person: { readonly email: string };
  onSignedIn: () => Promise<void>;
}) {
  const [signingIn, setSigningIn] = useState(false);
  const signedOut = error instanceof ApiError && error.signedOut;
  return (
    <StandingPage>
      <Alert color="yellow" title="This case could not be opened" w="100%">
        {signedOut ? "Your sign-in has run out." : wordsOf(error)}
      </Alert>
      <Text size="sm">Whatever you did in this browser before is kept.</Text>
      <Group>
        {signedOut && <Button onClick={() => setSigningIn(true)}>Sign in</Button>}
        <Button variant={signedOut ? "default" : "filled"} onClick={() => void session.start()}>
          Try again
        </Button>
      </Group>
      <Home />
      <SignInDialog
        opened={signingIn}
        onClose={() => setSigningIn(false)}
        email={person.email}
        onSignedIn={async () => {
          await onSignedIn();
          setSigningIn(false);
          await session.start();
        }}
      />
    </StandingPage>
  );
}
