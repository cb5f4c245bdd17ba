/** The board's table: raters stay at the top, cases at the left while one scrolls. */
import { Badge, Button, Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconMessage, IconRefresh } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import {
  type Board,
  type BoardCase,
  type BoardCell,
  type BoardRater,
  type StudyDetail,
  useRetryStartMask,
} from "@/api/studies";
import { formatDuration } from "@/ui/format";
import { ProgressLine } from "@/ui/JobProgress";
import { Thumbnail } from "@/ui/Thumbnail";
import classes from "./Board.module.css";
import { lookOf } from "./cellLook";
import { countByRater, placeCells } from "./grid";

/** Draw the table. `onOpen` is called with the reading that was chosen. */
export function BoardTable({
  study,
  board,
  onOpen,
}: {
  study: StudyDetail;
  board: Board;
  onOpen: (cell: BoardCell) => void;
}) {
  const cells = placeCells(board);
  const counts = countByRater(board);
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th className={classes.corner} scope="col">
              Case
            </th>
            {board.raters.map((rater) => (
              <th key={rater.id} scope="col">
                <RaterHead
                  rater={rater}
                  done={counts.get(rater.id)?.done ?? 0}
                  total={counts.get(rater.id)?.total ?? 0}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {board.cases.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <CaseHead study={study} row={row} />
              </th>
              {board.raters.map((rater) => (
                <td key={rater.id}>
                  {cells
                    .get(row.id)
                    ?.get(rater.id)
                    ?.map((cell) => (
                      <Cell
                        key={cell.assignment}
                        cell={cell}
                        of={`${row.patient}, ${rater.name}`}
                        onOpen={onOpen}
                      />
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RaterHead({ rater, done, total }: { rater: BoardRater; done: number; total: number }) {
  const years = rater.years === null ? "" : `, ${rater.years} y`;
  return (
    <>
      <Text size="sm" fw={600} truncate>
        {rater.name}
      </Text>
      <Text size="xs" c="dimmed" fw={400}>
        {rater.expertise}
        {years} · {done} of {total}
        {rater.ended && " · ended"}
      </Text>
    </>
  );
}

function CaseHead({ study, row }: { study: StudyDetail; row: BoardCase }) {
  return (
    <>
      <Group gap="xs" wrap="nowrap">
        <Thumbnail src={row.thumbnail} alt={row.patient} size={34} />
        <div>
          <Text size="sm" fw={550}>
            {row.patient}
          </Text>
          <Text size="xs" c="dimmed">
            {row.time_point}
          </Text>
        </div>
      </Group>
      {row.start_mask && <StartMask study={study} row={row} />}
    </>
  );
}

function StartMask({ study, row }: { study: StudyDetail; row: BoardCase }) {
  const retry = useRetryStartMask(study.id);
  const mask = row.start_mask;
  if (!mask) return null;
  const over = mask.status === "failed" || mask.status === "cancelled";
  return (
    <Group gap="xs" mt={4} maw={260} wrap="nowrap" align="flex-start">
      <ProgressLine job={{ ...mask, step: `Start mask: ${mask.step || mask.status}` }} />
      {over && (
        <Button
          size="compact-xs"
          flex="none"
          variant="light"
          color="red"
          leftSection={<IconRefresh size={12} />}
          loading={retry.isPending}
          onClick={() => retry.mutate(row.id)}
        >
          Retry
        </Button>
      )}
    </Group>
  );
}

function Cell({ cell, of, onOpen }: { cell: BoardCell; of: string; onOpen: (cell: BoardCell) => void }) {
  const { word, colour, Icon } = lookOf(cell.state);
  const time = cell.active_seconds > 0 ? formatDuration(cell.active_seconds) : "";
  const shown = time || (cell.state === "waiting" ? "Waits" : word);
  const look = {
    "--cell-text": `var(--mantine-color-${colour}-light-color)`,
    "--cell-back": `var(--mantine-color-${colour}-light)`,
  } as CSSProperties;
  return (
    <UnstyledButton className={classes.cell ?? ""} style={look} onClick={() => onOpen(cell)}>
      <VisuallyHidden>{shown === word ? `${of}: ` : `${of}: ${word}, `}</VisuallyHidden>
      <Icon size={16} aria-hidden />
      <Text size="xs" component="span">
        {shown}
      </Text>
      {cell.comments > 0 && (
        <Text
          size="xs"
          component="span"
          ml="auto"
          title={`${cell.comments} ${cell.comments === 1 ? "comment" : "comments"}`}
        >
          <IconMessage size={13} aria-hidden /> {cell.comments}
        </Text>
      )}
      {cell.score !== null && (
        <span className={classes.score}>
          <VisuallyHidden>score </VisuallyHidden>
          {cell.score}
        </span>
      )}
      {cell.not_assessed && (
        <span className={classes.score} title="The rater could not assess the mask">
          n/a
        </span>
      )}
      {cell.occasion > 1 && <Badge size="xs">again</Badge>}
    </UnstyledButton>
  );
}
