/** Keys with which scripts act for their owner: made, shown once, revoked. */
import { Alert, Badge, Button, Code, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useState } from "react";
import { type Token, useMakeToken, useRevokeToken, useTokens } from "@/api/account";
import type { Person } from "@/api/session";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { ShownOnce } from "@/ui/ShownOnce";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOf } from "@/ui/words";

/** Show one's own keys. */
export function Tokens({ person }: { person: Person }) {
  const tokens = useTokens();
  const own = tokens.data?.filter(({ owner }) => owner === person.email);
  return (
    <Panel title="Keys for scripts" flush>
      <Stack p="sm" gap="sm">
        <Make />
        {tokens.error && (
          <ErrorState
            title="The keys could not be read"
            error={tokens.error}
            onRetry={() => void tokens.refetch()}
          />
        )}
      </Stack>
      <DataTable
        rows={own}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        name="keys"
        prefix="keys"
        empty={
          <EmptyState title="No keys">
            A key lets a script or the command line do what you may do, without your password.
          </EmptyState>
        }
      />
    </Panel>
  );
}

function Make() {
  const make = useMakeToken();
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(
            { name: name.trim(), days: days ? Number(days) : null },
            { onSuccess: () => setName("") },
          );
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            size="xs"
            label="What is it for?"
            placeholder="Import script"
            required
            withAsterisk={false}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            size="xs"
            label="Works for"
            data={[
              { value: "30", label: "30 days" },
              { value: "90", label: "90 days" },
              { value: "365", label: "a year" },
              { value: "", label: "ever" },
            ]}
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" loading={make.isPending}>
            Make a key
          </Button>
        </Group>
      </form>
      {make.error && (
        <Alert color="red" variant="light" p="xs">
          {wordsOf(make.error)}
        </Alert>
      )}
      {make.data && (
        <ShownOnce title={`The key “${make.data.name}”`} secret={make.data.key}>
          Copy it now: it is not shown again. Send it as “Authorization: Token …”.
        </ShownOnce>
      )}
    </>
  );
}

function stateOf(token: Token): "revoked" | "run out" | "works" {
  if (token.revoked_at) return "revoked";
  return token.expires_at && new Date(token.expires_at) < new Date() ? "run out" : "works";
}

const COLUMNS: readonly Column<Token>[] = [
  { key: "name", title: "For", value: ({ name }) => name, cell: ({ name }) => name },
  {
    key: "prefix",
    title: "Begins with",
    value: ({ prefix }) => prefix,
    cell: ({ prefix }) => <Code>{prefix}…</Code>,
  },
  {
    key: "state",
    title: "State",
    value: stateOf,
    cell: (token) => (
      <Badge
        size="sm"
        variant="light"
        tt="none"
        miw="max-content"
        color={stateOf(token) === "works" ? "teal" : "gray"}
      >
        {stateOf(token)}
      </Badge>
    ),
  },
  {
    key: "used",
    title: "Last used",
    value: (token) => token.last_used_at,
    cell: (token) => <TimeAgo time={token.last_used_at} />,
  },
  {
    key: "expires",
    title: "Runs out",
    value: (token) => token.expires_at,
    cell: (token) => <TimeAgo time={token.expires_at} />,
  },
  { key: "actions", title: "", cell: (token) => <Revoke token={token} /> },
];

function Revoke({ token }: { token: Token }) {
  const revoke = useRevokeToken();
  if (stateOf(token) !== "works") return null;
  const ask = () =>
    modals.openConfirmModal({
      title: `Revoke the key “${token.name}”?`,
      children: "Scripts that use it stop working at once.",
      labels: { confirm: "Revoke", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: () => revoke.mutate(token.id),
    });
  return (
    <Button size="compact-xs" variant="subtle" color="red" loading={revoke.isPending} onClick={ask}>
      Revoke
    </Button>
  );
}
