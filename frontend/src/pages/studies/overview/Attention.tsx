/** What needs the lead: problems that raters reported, start masks that failed, readings that went back. */
import { Alert, Anchor, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconMessageReport } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useProblems, useSettleProblem } from "@/api/home";
import { type Board, type StudyDetail, useBeginWithoutStartMask, useRetryStartMask } from "@/api/studies";
import { EmptyState } from "@/ui/EmptyState";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOf } from "@/ui/words";

/** List it all, or say that there is nothing. */
export function Attention({ study, board }: { study: StudyDetail; board: Board }) {
  const problems = (useProblems().data ?? []).filter((one) => one.study === study.id && !one.settled_at);
  const failed = board.cases.filter(({ start_mask: mask }) => mask?.status === "failed");
  const returned = board.cells.filter(({ state }) => state === "returned");
  const settle = useSettleProblem();
  const retry = useRetryStartMask(study.id);
  const giveUp = useBeginWithoutStartMask(study.id);
  const patient = (id: number) => board.cases.find((one) => one.id === id)?.patient ?? "a case";
  const rater = (id: number) => board.raters.find((one) => one.id === id)?.name ?? "a rater";
  const refused = settle.error ?? retry.error ?? giveUp.error;
  const count = problems.length + failed.length + returned.length;
  return (
    <Panel title={`Needs you${count > 0 ? ` (${count})` : ""}`}>
      {count === 0 && (
        <EmptyState icon={<IconCheck size={32} />} title="Nothing needs you">
          Problems that raters report, start masks that could not be made and readings that went back appear
          here.
        </EmptyState>
      )}
      <Stack gap="sm">
        {refused && (
          <Alert color="red" variant="light" role="alert" p="xs">
            {wordsOf(refused)}
          </Alert>
        )}
        {problems.map((one) => (
          <Item
            key={`problem-${one.id}`}
            icon={<IconMessageReport size={16} />}
            colour="yellow"
            title={`${one.rater} on ${patient(one.case)}`}
            text={one.text}
            aside={<TimeAgo time={one.created_at} />}
            action={
              <Button
                size="compact-xs"
                variant="default"
                loading={settle.isPending}
                onClick={() => settle.mutate(one.id)}
              >
                Settled
              </Button>
            }
          />
        ))}
        {failed.map((one) => (
          <Item
            key={`mask-${one.id}`}
            icon={<IconAlertTriangle size={16} />}
            colour="red"
            title={`No start mask for ${one.patient}, ${one.time_point}`}
            text={one.start_mask?.error || "The model could not segment this case."}
            action={
              <Group gap={4} wrap="nowrap">
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={retry.isPending}
                  onClick={() => retry.mutate(one.id)}
                >
                  Try again
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={giveUp.isPending}
                  onClick={() => giveUp.mutate(one.id)}
                >
                  Begin with an empty mask
                </Button>
              </Group>
            }
          />
        ))}
        {returned.map((one) => (
          <Item
            key={one.assignment}
            icon={<IconArrowBackUp size={16} />}
            colour="orange"
            title={`${patient(one.case)} is back with ${rater(one.rater)}`}
            text={one.returned_reason}
            action={
              <Anchor component={Link} to={`/studies/${study.id}/board`} size="xs">
                Board
              </Anchor>
            }
          />
        ))}
      </Stack>
    </Panel>
  );
}

function Item({
  icon,
  colour,
  title,
  text,
  aside,
  action,
}: {
  icon: ReactNode;
  colour: string;
  title: string;
  text: string;
  aside?: ReactNode;
  action: ReactNode;
}) {
  return (
    <Group wrap="nowrap" align="flex-start" gap="sm">
      <ThemeIcon variant="light" color={colour} size="md">
        {icon}
      </ThemeIcon>
      <div style={{ flex: 1 }}>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {text}
        </Text>
        {aside && (
          <Text size="xs" c="dimmed">
            {aside}
          </Text>
        )}
      </div>
      {action}
    </Group>
  );
}
