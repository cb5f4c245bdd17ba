/** A lead's part of the home page: studies with their progress, what needs attention, and what one can begin. */
import { Anchor, Button, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus, IconUpload } from "@tabler/icons-react";
import { Link } from "react-router";
import { type AgreementLine, useAgreementSoFar } from "@/api/agreement";
import type { MyStudy } from "@/api/home";
import { useSession } from "@/app/session";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { ProgressCount } from "@/ui/ProgressCount";
import { StateBadge } from "@/ui/StateBadge";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { NeedsMe } from "./NeedsMe";

/** A study with its agreement so far, where the person may see it. */
type Line = MyStudy & { readonly agreement: AgreementLine | undefined };

const COLUMNS: readonly Column<Line>[] = [
  {
    key: "name",
    title: "Study",
    value: ({ name }) => name,
    cell: (study) => (
      <Group gap="xs" wrap="nowrap">
        <Anchor component={Link} to={`/studies/${study.id}`} size="sm" fw={550}>
          {study.name}
        </Anchor>
        {study.synthetic && <SyntheticBadge size="xs" />}
      </Group>
    ),
  },
  {
    key: "state",
    title: "State",
    value: ({ state }) => state,
    cell: ({ state }) => <StateBadge state={state ?? "draft"} />,
  },
  {
    key: "progress",
    title: "Readings",
    value: ({ submitted, total }) => (total === 0 ? 0 : submitted / total),
    cell: ({ submitted, total }) => <ProgressCount done={submitted} total={total} />,
  },
  {
    key: "agreement",
    title: "Agreement so far",
    numeric: true,
    value: ({ agreement }) => agreement?.dice ?? null,
    cell: (study) => <SoFar study={study} />,
  },
  {
    key: "returned",
    title: "Returned",
    numeric: true,
    value: ({ returned }) => returned,
    cell: ({ returned }) => returned,
  },
  {
    key: "started",
    title: "Started",
    value: ({ started_at }) => started_at,
    cell: ({ started_at }) => <TimeAgo time={started_at} />,
  },
];

/** Show what a lead looks after. */
export function LeadHome({ studies }: { studies: readonly MyStudy[] }) {
  const { person } = useSession();
  const { data: agreement } = useAgreementSoFar();
  const led = studies
    .filter(({ roles }) => roles.includes("lead"))
    .map((study) => ({ ...study, agreement: agreement?.get(study.id) }));
  const begins = person?.may_lead === true || person?.is_administrator === true;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Studies that I lead
        </Title>
        {begins && <QuickActions />}
      </Group>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Panel title="Studies" flush>
            <DataTable
              rows={led}
              columns={COLUMNS}
              rowKey={({ id }) => id}
              name="studies"
              prefix="studies"
              empty={
                <EmptyState title="You lead no study yet" action={begins ? <QuickActions /> : undefined}>
                  First import cases, then make a study: who reads which cases, from which start, and how they
                  are scored.
                </EmptyState>
              }
            />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <NeedsMe led={led} />
        </Grid.Col>
      </Grid>
      <Text size="xs" c="dimmed">
        Progress counts readings that were submitted, of all that were given out. Agreement is the mean Dice
        of all pairs of people, a mean over cases.
      </Text>
    </Stack>
  );
}

/** The mean Dice with its n; a dash where the person stays blind or no two people have read one case. */
function SoFar({ study: { id, agreement } }: { study: Line }) {
  if (!agreement || agreement.dice === null) return "–";
  return (
    <Anchor
      component={Link}
      to={`/studies/${id}/agreement`}
      size="sm"
      title={`Mean Dice, ${agreement.region}, n = ${formatCount(agreement.n_cases, "case")}`}
    >
      {agreement.dice.toFixed(2)}
      <Text span size="xs" c="dimmed">
        {" "}
        n = {agreement.n_cases}
      </Text>
    </Anchor>
  );
}

function QuickActions() {
  return (
    <Group gap="xs">
      <Button
        component={Link}
        to="/import"
        variant="default"
        size="xs"
        leftSection={<IconUpload size={14} />}
      >
        Import cases
      </Button>
      <Button component={Link} to="/studies/new" size="xs" leftSection={<IconPlus size={14} />}>
        New study
      </Button>
    </Group>
  );
}
