/** The members of a study: who they are, adding one, ending a role. */
import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconCopy, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { type Membership, type StudyDetail, useEndMembership, useMembers } from "@/api/studies";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOf } from "@/ui/words";
import { AddMember } from "./AddMember";

const COLUMNS: readonly Column<Membership>[] = [
  {
    key: "name",
    title: "Name",
    value: (row) => row.name || row.email,
    cell: (row) => (
      <>
        <Text size="sm" fw={550}>
          {row.name || row.email}
        </Text>
        <Text size="xs" c="dimmed">
          {row.email}
        </Text>
      </>
    ),
  },
  { key: "role", title: "Role", value: (row) => row.role, cell: (row) => row.role, width: 100 },
  {
    key: "expertise",
    title: "Expertise",
    value: expertise,
    cell: (row) => expertise(row) || "–",
    width: 140,
  },
  { key: "centre", title: "Centre", value: (row) => row.centre, cell: (row) => row.centre || "–" },
  {
    key: "joined",
    title: "Since",
    value: (row) => row.joined_at,
    cell: (row) => <TimeAgo time={row.joined_at} />,
    width: 120,
  },
  { key: "state", title: "State", value: standing, cell: standing, width: 140 },
];

/** List the members and let the lead change who takes part. */
export function RatersTab({ study }: { study: StudyDetail }) {
  const { data, error, refetch } = useMembers(study.id);
  const [link, setLink] = useState<{ email: string; url: string } | null>(null);
  const open = study.state !== "closed";
  if (error)
    return <ErrorState title="The members could not be read" error={error} onRetry={() => void refetch()} />;
  const columns = open ? [...COLUMNS, endColumn(study.id)] : COLUMNS;
  return (
    <Stack>
      {open && <AddMember study={study} onInvited={(email, url) => setLink({ email, url })} />}
      {link && <Invitation {...link} onClose={() => setLink(null)} />}
      <Panel title="Members" flush>
        <DataTable
          rows={data}
          columns={columns}
          rowKey={(row) => row.id}
          name={`study-${study.id}-members`}
          searchable
          empty={
            <EmptyState icon={<IconUsers size={32} />} title="Nobody here">
              Add raters by their e-mail address.
            </EmptyState>
          }
        />
      </Panel>
    </Stack>
  );
}

function endColumn(study: number): Column<Membership> {
  return {
    key: "end",
    title: "",
    width: 80,
    cell: (row) => !row.ended_at && <EndRole study={study} row={row} />,
  };
}

function expertise(row: Membership): string {
  if (!row.expertise) return "";
  return row.years === null || row.years === undefined
    ? row.expertise
    : `${row.expertise}, ${row.years} years`;
}

function standing(row: Membership): string {
  if (row.ended_at) return "ended";
  return row.waits_for_acceptance ? "invited" : "active";
}

function EndRole({ study, row }: { study: number; row: Membership }) {
  const end = useEndMembership(study);
  const ask = () =>
    modals.openConfirmModal({
      title: `End the role of ${row.name || row.email}?`,
      children: (
        <Text size="sm">
          What they handed in stays in the study. They no longer see it, and get no further cases.
        </Text>
      ),
      labels: { confirm: "End the role", cancel: "Cancel" },
      confirmProps: { color: "red" },
      onConfirm: () =>
        end.mutate(row.id, {
          onError: (error) => notifications.show({ color: "red", message: wordsOf(error) }),
        }),
    });
  return (
    <Button size="compact-xs" variant="subtle" color="red" loading={end.isPending} onClick={ask}>
      End
    </Button>
  );
}

function Invitation({ email, url, onClose }: { email: string; url: string; onClose: () => void }) {
  const whole = new URL(url, window.location.origin).href;
  return (
    <Alert
      color="accent"
      variant="light"
      title={`Send this link to ${email}`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      <Text size="sm" mb="xs">
        There is no account with this address yet. The link lets them choose a password; it is shown only now.
      </Text>
      <Group wrap="nowrap">
        <TextInput
          readOnly
          flex={1}
          size="xs"
          aria-label="Invitation link"
          value={whole}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={whole}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              onClick={copy}
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
