/** Cases × raters: who has read what, how long it took, what was scored, and what stands in the way. */
import { Button, Group, Skeleton, Text } from "@mantine/core";
import { IconLayoutGrid } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { type BoardCell, type StudyDetail, useBoard } from "@/api/studies";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { BoardTable } from "./BoardTable";
import { CELL_LOOKS } from "./cellLook";
import { countStates } from "./grid";
import { ReadingDrawer } from "./ReadingDrawer";

/** Show the board, or what is missing before there is one. */
export function BoardTab({ study }: { study: StudyDetail }) {
  const { data: board, error, refetch } = useBoard(study.id);
  const [opened, setOpened] = useState<BoardCell | null>(null);
  if (error)
    return <ErrorState title="The board could not be read" error={error} onRetry={() => void refetch()} />;
  if (!board) return <Skeleton height={420} aria-label="Loading the board" />;
  if (board.cases.length === 0 || board.raters.length === 0) return <NotYet study={study} />;
  const current =
    opened && (board.cells.find(({ assignment }) => assignment === opened.assignment) ?? opened);
  return (
    <Panel
      title={`${board.cases.length} cases × ${board.raters.length} raters`}
      actions={<Legend cells={board.cells} />}
      flush
    >
      <BoardTable study={study} board={board} onOpen={setOpened} />
      <ReadingDrawer study={study} board={board} cell={current} onClose={() => setOpened(null)} />
    </Panel>
  );
}

function Legend({ cells }: { cells: readonly BoardCell[] }) {
  const counts = countStates(cells);
  return (
    <Group gap="md" aria-label="Legend">
      {Object.entries(CELL_LOOKS).map(([state, { word, colour, Icon }]) => (
        <Group key={state} gap={4} wrap="nowrap">
          <Icon size={14} color={`var(--mantine-color-${colour}-text)`} aria-hidden />
          <Text size="xs" c="dimmed">
            {word} {counts[state] ?? 0}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

function NotYet({ study }: { study: StudyDetail }) {
  return (
    <Panel title="Board">
      <EmptyState
        icon={<IconLayoutGrid size={32} />}
        title="The board shows cases × raters"
        action={
          <Group>
            <Button component={Link} to={`/studies/${study.id}/cases`} size="xs" variant="light">
              Add cases
            </Button>
            <Button component={Link} to={`/studies/${study.id}/raters`} size="xs" variant="light">
              Add raters
            </Button>
          </Group>
        }
      >
        Add at least one case and one rater; then start the study in its settings.
      </EmptyState>
    </Panel>
  );
}
