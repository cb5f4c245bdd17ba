/** A rater's part of the home page: next case, returned cases, studies, queue. */
import { Anchor, Grid, Group, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import { type MyStudy, type QueueLine, useMyWeek, useQueue } from "@/api/home";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { formatDuration } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { ProgressCount } from "@/ui/ProgressCount";
import { StateBadge } from "@/ui/StateBadge";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { Thumbnail } from "@/ui/Thumbnail";
import { TimeAgo } from "@/ui/TimeAgo";
import classes from "./home.module.css";
import { NextCase } from "./NextCase";

const COLUMNS: readonly Column<QueueLine>[] = [
  {
    key: "thumbnail",
    title: "",
    width: 52,
    cell: (line) => <Thumbnail src={line.thumbnail} alt={`Case ${line.position}`} size={36} />,
  },
  {
    key: "position",
    title: "Case",
    value: (line) => line.position,
    cell: (line) =>
      line.state === "waiting" ? (
        `${line.position} of ${line.total}`
      ) : (
        <Anchor component={Link} to={`/assignments/${line.id}`} size="sm">
          {line.position} of {line.total}
        </Anchor>
      ),
  },
  { key: "study", title: "Study", value: (line) => line.study.name, cell: (line) => line.study.name },
  {
    key: "state",
    title: "State",
    value: (line) => line.state,
    cell: (line) => <StateBadge state={line.state} />,
  },
  {
    key: "saved",
    title: "Last saved",
    value: (line) => line.saved_at,
    cell: (line) => <TimeAgo time={line.saved_at} />,
  },
];

/** Show what a rater has to do. */
export function RaterHome({ studies }: { studies: readonly MyStudy[] }) {
  const { data: queue = [] } = useQueue();
  const returned = queue.filter(({ state }) => state === "returned");
  const waiting = queue.filter(({ state }) => state === "waiting").length;
  const mine = studies.filter(({ own_total, roles }) => own_total > 0 || roles.includes("rater"));
  return (
    <Stack gap="md">
      <NextCase waiting={waiting} />
      {returned.length > 0 && <Returned lines={returned} />}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Panel title="My cases" flush>
            <DataTable
              rows={queue}
              columns={COLUMNS}
              rowKey={({ id }) => id}
              name="my-cases"
              prefix="queue"
              pageSize={12}
              searchable
              empty={<EmptyState title="No cases">The lead of a study gives them out.</EmptyState>}
            />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Panel title="My progress" flush>
            {mine.length === 0 && <EmptyState title="No studies">You are rater in no study.</EmptyState>}
            {mine.map((study) => (
              <OwnProgress key={study.id} study={study} />
            ))}
            <MyWeek />
          </Panel>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function MyWeek() {
  const { data: week } = useMyWeek();
  if (!week) return null;
  return (
    <Group justify="space-between" className={classes.row ?? ""}>
      <Text size="sm">My time this week</Text>
      <Text size="sm" title="Pauses and time without any movement are not counted.">
        {week.active_seconds === 0 ? "none yet" : formatDuration(week.active_seconds)}
      </Text>
    </Group>
  );
}

function OwnProgress({ study }: { study: MyStudy }) {
  return (
    <Stack gap={6} className={classes.row ?? ""}>
      <Group justify="space-between" wrap="nowrap">
        <Anchor component={Link} to={`/studies/${study.id}`} size="sm" fw={550} truncate>
          {study.name}
        </Anchor>
        {study.synthetic && <SyntheticBadge size="xs" />}
      </Group>
      <Group justify="space-between">
        <ProgressCount done={study.own_submitted} total={study.own_total} width={160} />
        {study.state !== "running" && <StateBadge state={study.state ?? "draft"} />}
      </Group>
    </Stack>
  );
}

function Returned({ lines }: { lines: readonly QueueLine[] }) {
  return (
    <Panel title={`Returned to you (${lines.length})`} flush>
      {lines.map((line) => (
        <Group key={line.id} className={classes.row ?? ""} wrap="nowrap">
          <Thumbnail src={line.thumbnail} alt={`Case ${line.position}`} />
          <div className={classes.grow}>
            <Text size="sm">{line.returned_reason || "The lead gave no reason."}</Text>
            <Text size="xs" c="dimmed">
              Case {line.position} of {line.total} · {line.study.name}
            </Text>
          </div>
          <Anchor component={Link} to={`/assignments/${line.id}`} size="sm">
            Open
          </Anchor>
        </Group>
      ))}
    </Panel>
  );
}
