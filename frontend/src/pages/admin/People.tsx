/** Accounts and invitations. */
import { ActionIcon, Badge, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconDots, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import {
  type Invitation,
  type User,
  useChangeUser,
  useInvitations,
  useRevokeInvitation,
  useUsers,
} from "@/api/admin";
import { useSession } from "@/app/session";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOf } from "@/ui/words";
import { InviteDialog } from "./InviteDialog";

/** List the accounts with what may be changed, and the invitations that are open. */
export function People() {
  const users = useUsers();
  const [inviting, setInviting] = useState(false);
  return (
    <Stack gap="md">
      {users.error && !users.data && (
        <ErrorState
          title="The accounts could not be read"
          error={users.error}
          onRetry={() => void users.refetch()}
        />
      )}
      <Panel
        title="Accounts"
        flush
        actions={
          <Button size="xs" leftSection={<IconUserPlus size={14} />} onClick={() => setInviting(true)}>
            Invite
          </Button>
        }
      >
        <DataTable
          rows={users.data}
          columns={ACCOUNTS}
          rowKey={({ id }) => id}
          name="accounts"
          searchable
          empty={<EmptyState title="Nobody" />}
        />
      </Panel>
      <Invitations />
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
    </Stack>
  );
}

function stateOf(user: User): string {
  if (user.is_active === false) return "deactivated";
  return user.waits_for_acceptance ? "invited" : "active";
}

function rolesOf(user: User): string {
  return [user.is_administrator ? "administrator" : "", user.may_lead ? "may lead" : ""]
    .filter(Boolean)
    .join(", ");
}

const ACCOUNTS: readonly Column<User>[] = [
  {
    key: "name",
    title: "Name",
    value: ({ name, email }) => (name ? `${name} <${email}>` : email),
    cell: ({ name, email }) => (
      <>
        <Text size="sm" fw={550}>
          {name || email}
        </Text>
        {name && (
          <Text size="xs" c="dimmed">
            {email}
          </Text>
        )}
      </>
    ),
  },
  {
    key: "centre",
    title: "Centre",
    value: (user) => user.centre?.name,
    cell: (user) => user.centre?.name ?? "–",
  },
  {
    key: "expertise",
    title: "Expertise",
    value: ({ rater }) => rater?.expertise,
    cell: ({ rater }) => (
      <>
        {rater?.expertise || "–"}
        {typeof rater?.years === "number" && `, ${rater.years} y`}
      </>
    ),
  },
  { key: "roles", title: "May", value: rolesOf, cell: (user) => rolesOf(user) || "–" },
  {
    key: "state",
    title: "State",
    value: stateOf,
    cell: (user) => (
      <Badge
        size="sm"
        variant="light"
        tt="none"
        miw="max-content"
        color={stateOf(user) === "active" ? "teal" : "gray"}
      >
        {stateOf(user)}
      </Badge>
    ),
  },
  {
    key: "last_login",
    title: "Last here",
    value: (user) => user.last_login,
    cell: (user) => <TimeAgo time={user.last_login} />,
  },
  { key: "actions", title: "", width: 40, cell: (user) => <Changes user={user} /> },
];

function Changes({ user }: { user: User }) {
  const { person } = useSession();
  const change = useChangeUser();
  const set = (fields: Omit<Parameters<typeof change.mutate>[0], "id">) =>
    change.mutate(
      { id: user.id, ...fields },
      {
        onError: (error) =>
          notifications.show({ color: "red", title: "Nothing was changed", message: wordsOf(error) }),
      },
    );
  const self = person?.id === user.id;
  const active = user.is_active !== false;
  const deactivate = () =>
    modals.openConfirmModal({
      title: `Deactivate ${user.name || user.email}?`,
      children: <Text size="sm">They cannot sign in and their keys stop working. Their work stays.</Text>,
      labels: { confirm: "Deactivate", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: () => set({ is_active: false }),
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          loading={change.isPending}
          aria-label={`Change ${user.email}`}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => set({ may_lead: !user.may_lead })}>
          {user.may_lead ? "Take away: may lead studies" : "May lead studies"}
        </Menu.Item>
        <Menu.Item disabled={self} onClick={() => set({ administrator: !user.is_administrator })}>
          {user.is_administrator ? "Dismiss as administrator" : "Make administrator"}
        </Menu.Item>
        <Menu.Divider />
        {active ? (
          <Menu.Item color="red" disabled={self} onClick={deactivate}>
            Deactivate
          </Menu.Item>
        ) : (
          <Menu.Item onClick={() => set({ is_active: true })}>Activate again</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const INVITATIONS: readonly Column<Invitation>[] = [
  { key: "email", title: "E-mail", value: ({ email }) => email, cell: ({ email }) => email },
  { key: "by", title: "Invited by", value: (row) => row.invited_by, cell: (row) => row.invited_by },
  {
    key: "created",
    title: "Sent",
    value: (row) => row.created_at,
    cell: (row) => <TimeAgo time={row.created_at} />,
  },
  {
    key: "expires",
    title: "Runs out",
    value: (row) => row.expires_at,
    cell: (row) => <TimeAgo time={row.expires_at} />,
  },
  { key: "actions", title: "", cell: (row) => <Revoke invitation={row} /> },
];

function Invitations() {
  const invitations = useInvitations();
  const open = invitations.data?.filter(({ accepted_at, revoked_at }) => !accepted_at && !revoked_at) ?? [];
  if (open.length === 0) return null;
  return (
    <Panel title={`Open invitations (${open.length})`} flush>
      <DataTable
        rows={open}
        columns={INVITATIONS}
        rowKey={({ id }) => id}
        name="invitations"
        prefix="invitations"
        empty={null}
      />
    </Panel>
  );
}

function Revoke({ invitation }: { invitation: Invitation }) {
  const revoke = useRevokeInvitation();
  return (
    <Group justify="flex-end">
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        loading={revoke.isPending}
        onClick={() => revoke.mutate(invitation.id)}
      >
        Revoke
      </Button>
    </Group>
  );
}
