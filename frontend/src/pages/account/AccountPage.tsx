/** One's own account: name, password, second factor, keys for scripts. */
import { Alert, Button, Grid, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { changeName } from "@/api/account";
import { changePassword, type Person } from "@/api/session";
import { useSession } from "@/app/session";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";
import { SecondFactor } from "./SecondFactor";
import { Tokens } from "./Tokens";

/** Show the account of whoever is signed in. */
export function Page() {
  const { person } = useSession();
  if (!person) return null;
  return (
    <>
      <PageHeader title="My account" summary={person.email} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <About person={person} />
            <Password email={person.email} />
            <SecondFactor />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Tokens person={person} />
        </Grid.Col>
      </Grid>
    </>
  );
}

function About({ person }: { person: Person }) {
  const { refresh } = useSession();
  const [name, setName] = useState(person.name);
  const save = useMutation({ mutationFn: () => changeName(name.trim()), onSuccess: refresh });
  const roles = [
    person.is_administrator ? "site administrator" : "",
    person.may_lead ? "may lead studies" : "",
  ].filter(Boolean);
  return (
    <Panel title="About me">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="xs">
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            {[person.centre?.name, person.rater?.expertise, ...roles].filter(Boolean).join(" · ") ||
              "No centre; roles belong to studies."}
          </Text>
          {save.error && (
            <Alert color="red" variant="light" p="xs">
              {wordsOf(save.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button size="xs" type="submit" loading={save.isPending} disabled={name.trim() === person.name}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function Password({ email }: { email: string }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
    },
  });
  return (
    <Panel title="Password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack gap="xs">
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="At least 10 characters; a few words are easy to remember and hard to guess."
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={10}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          {change.error && (
            <Alert color="red" variant="light" role="alert" p="xs">
              {wordsOf(change.error)}
            </Alert>
          )}
          {change.isSuccess && (
            <Alert color="teal" variant="light" role="status" p="xs">
              Your password is changed.
            </Alert>
          )}
          <Group justify="flex-end">
            <Button size="xs" type="submit" loading={change.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
