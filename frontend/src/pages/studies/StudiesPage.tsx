/** The studies that one takes part in. */
import { Anchor, Button, Group } from "@mantine/core";
import { IconClipboardList, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Study } from "@/api/studies";
import { useStudies } from "@/api/studies";
import { useSession } from "@/app/session";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { ProgressCount } from "@/ui/ProgressCount";
import { StateBadge } from "@/ui/StateBadge";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { TimeAgo } from "@/ui/TimeAgo";

const COLUMNS: readonly Column<Study>[] = [
  {
    key: "name",
    title: "Study",
    value: (study) => study.name,
    cell: (study) => (
      <Group gap="xs">
        <Anchor component={Link} to={`/studies/${study.id}`} fw={550} size="sm">
          {study.name}
        </Anchor>
        {study.synthetic && <SyntheticBadge size="xs" />}
      </Group>
    ),
  },
  {
    key: "state",
    title: "State",
    value: (study) => study.state,
    cell: (study) => <StateBadge state={study.state ?? ""} />,
    width: 90,
  },
  { key: "roles", title: "You are", value: roles, cell: roles, width: 120 },
  { key: "scheme", title: "Labels", value: (study) => study.scheme_name, cell: (study) => study.scheme_name },
  {
    key: "progress",
    title: "Readings handed in",
    value: (study) => share(study),
    cell: (study) => (study.total === 0 ? "–" : <ProgressCount done={study.submitted} total={study.total} />),
    width: 200,
  },
  {
    key: "started",
    title: "Started",
    value: (study) => study.started_at,
    cell: (study) => <TimeAgo time={study.started_at} />,
    width: 120,
  },
];

/** List the studies, and offer a new one to those who may lead. */
export function Page() {
  const { person } = useSession();
  const { data, error, refetch } = useStudies();
  const mayLead = Boolean(person?.may_lead || person?.is_administrator);
  const make = mayLead && (
    <Button component={Link} to="/studies/new" size="xs" leftSection={<IconPlus size={16} />}>
      New study
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Studies"
        summary="Cases × raters × protocol: who reads what, and how well they agree."
        actions={make}
      />
      {error ? (
        <ErrorState title="The studies could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Panel title="Your studies" flush>
          <DataTable
            rows={data}
            columns={COLUMNS}
            rowKey={(study) => study.id}
            name="studies"
            searchable
            empty={
              <EmptyState icon={<IconClipboardList size={32} />} title="No studies here" action={make}>
                {mayLead
                  ? "A study asks raters to correct and score cases. Make one, add cases and raters, then start it."
                  : "You are not a member of a study yet. A study lead adds you by your e-mail address."}
              </EmptyState>
            }
          />
        </Panel>
      )}
    </>
  );
}

function roles(study: Study): string {
  return study.roles.join(", ");
}

function share(study: Study): number | null {
  return study.total === 0 ? null : study.submitted / study.total;
}
