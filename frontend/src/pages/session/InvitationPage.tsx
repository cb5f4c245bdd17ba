/** Accept an invitation: say one's name, set a password, and be in. */
import { Alert, Button, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { acceptInvitation, type OpenInvitation, readInvitation } from "@/api/invitations";
import { useSession } from "@/app/session";
import { ErrorState } from "@/ui/ErrorState";
import { wordsOf } from "@/ui/words";
import { Card } from "./Card";
import { NewPassword } from "./NewPassword";

/** What the invitation is about, or why it does not work. */
export function Page() {
  const { token = "" } = useParams();
  const { person, leave } = useSession();
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => readInvitation(token),
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Card title="Welcome to Overread">
      {invitation.isPending && <Skeleton height={160} />}
      {invitation.error && <ErrorState title="This invitation does not work" error={invitation.error} />}
      {invitation.data && person && (
        <Stack gap="sm">
          <Text size="sm">
            This invitation is for {invitation.data.email}, and {person.email} is signed in. Sign out to
            accept it.
          </Text>
          <Button onClick={() => void leave()}>Sign out</Button>
        </Stack>
      )}
      {invitation.data && !person && <Acceptance token={token} invitation={invitation.data} />}
    </Card>
  );
}

function Acceptance({ token, invitation }: { token: string; invitation: OpenInvitation }) {
  const { refresh } = useSession();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const accept = useMutation({
    mutationFn: async () => {
      await acceptInvitation(token, name.trim(), password);
      await refresh();
    },
    onSuccess: () => navigate("/", { replace: true }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          {invitation.invited_by || "An administrator"} invited you. Your account is {invitation.email}.
        </Text>
        <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />
        <TextInput
          label="Your name"
          description="As colleagues know you; the leads of your studies see it."
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NewPassword label="Choose a password" value={password} onChange={setPassword} />
        {accept.error && (
          <Alert color="red" variant="light" role="alert" p="xs">
            {wordsOf(accept.error)}
          </Alert>
        )}
        <Button type="submit" loading={accept.isPending}>
          Accept and sign in
        </Button>
      </Stack>
    </form>
  );
}
