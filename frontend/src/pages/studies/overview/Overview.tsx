/** How far a study is, and what needs its lead. */
import { Paper, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { type Board, type StudyDetail, useBoard } from "@/api/studies";
import { ErrorState } from "@/ui/ErrorState";
import { formatDuration } from "@/ui/format";
import { countStates, median } from "../board/grid";
import { Attention } from "./Attention";
import { ByRater } from "./ByRater";
import { FirstSteps } from "./FirstSteps";
import { OverTime } from "./OverTime";

/** Show numbers, progress and alarms; of a draft, the steps that are left. */
export function Overview({ study }: { study: StudyDetail }) {
  const { data: board, error, refetch } = useBoard(study.id);
  if (error)
    return (
      <ErrorState
        title="The study's progress could not be read"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  if (!board) return <Skeleton height={380} aria-label="Loading the overview" />;
  if (study.state === "draft") return <FirstSteps study={study} board={board} />;
  return (
    <Stack>
      <Numbers board={board} />
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: "start" }}>
        <Attention study={study} board={board} />
        <Stack>
          <ByRater board={board} />
          <OverTime board={board} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Numbers({ board }: { board: Board }) {
  const counts = countStates(board.cells);
  const done = board.cells.filter(({ state }) => state === "submitted");
  const seconds = median(done.map(({ active_seconds: active }) => active).filter((active) => active > 0));
  const left = board.cells.length - done.length;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      <Figure
        name="Handed in"
        value={`${done.length} of ${board.cells.length}`}
        note={percent(done.length, board.cells.length)}
      />
      <Figure name="Cases" value={String(board.cases.length)} />
      <Figure
        name="Raters"
        value={String(board.raters.filter(({ ended }) => !ended).length)}
        note={experts(board)}
      />
      <Figure
        name="Begun"
        value={String(counts.open ?? 0)}
        note={`${counts.ready ?? 0} ready, ${counts.waiting ?? 0} waiting`}
      />
      <Figure
        name="Median time"
        value={seconds === null ? "–" : formatDuration(seconds)}
        note="active, per reading"
      />
      <Figure
        name="Left to do"
        value={seconds === null ? "–" : `≈ ${formatDuration(roundToMinute(seconds * left))}`}
        note={`active, ${left} readings`}
      />
    </SimpleGrid>
  );
}

/** A forecast is not known to the second. */
function roundToMinute(seconds: number): number {
  return seconds < 60 ? seconds : 60 * Math.round(seconds / 60);
}

function percent(done: number, total: number): string {
  return total === 0 ? "" : `${Math.round((100 * done) / total)} %`;
}

function experts(board: Board): string {
  const current = board.raters.filter(({ ended }) => !ended);
  const count = current.filter(({ expertise }) => expertise === "expert").length;
  return `${count} expert, ${current.length - count} novice`;
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <Paper withBorder px="sm" py="xs">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={600} lh={1.3} style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" mih="1.4em">
        {note}
      </Text>
    </Paper>
  );
}
