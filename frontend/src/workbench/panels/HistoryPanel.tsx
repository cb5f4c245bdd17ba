/** Right, third: every step with its name; a click goes back or forth to it. */
import { ActionIcon, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { memo, useEffect, useRef } from "react";
import type { Step } from "@/labels";
import type { Bench } from "../bench";
import { useCell, useMade } from "../cell";
import { keyOf } from "../keys";
import classes from "./panels.module.css";
import { Section } from "./Section";

const SHOWN = 200;

export function HistoryPanel({ bench }: { bench: Bench }) {
  const { editor } = bench.work;
  const count = useMade(editor.state, () => editor.history.steps.length);
  const position = useMade(editor.state, () => editor.history.position);
  // A new step in the place of undone ones changes neither number.
  useMade(editor.state, () => nameOf(editor.history.steps[position - 1]));
  const { steps } = editor.history;
  const first = Math.max(0, Math.min(count - SHOWN, position - SHOWN / 2));
  return (
    <Section growing title="History" note={count > 0 ? `${position} of ${count}` : undefined}>
      <div className={classes.history}>
        {count === 0 && (
          <Text size="xs" c="dimmed">
            Each stroke becomes a step here.
          </Text>
        )}
        {steps.length > 0 && first === 0 && (
          <UnstyledButton
            className={classes.step ?? ""}
            data-chosen={position === 0 || undefined}
            onClick={() => void bench.goToStep(0)}
          >
            As opened
          </UnstyledButton>
        )}
        {steps.slice(first, first + SHOWN).map((step, i) => {
          const number = first + i + 1;
          return (
            <StepRow
              key={number}
              bench={bench}
              number={number}
              name={step.name}
              voxels={step.edit.count}
              isLast={number === position}
              isUndone={number > position}
            />
          );
        })}
      </div>
    </Section>
  );
}

function nameOf(step: Step | undefined): string | null {
  return step ? `${step.name} ${step.edit.count}` : null;
}

/** Scroll the list and nothing else: on a small screen the tools would run away with every stroke. */
function bringIntoList(row: HTMLElement): void {
  const list = row.parentElement;
  if (!list) return;
  const [inList, inRow] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inRow.bottom > inList.bottom) list.scrollTop += inRow.bottom - inList.bottom;
  if (inRow.top < inList.top) list.scrollTop -= inList.top - inRow.top;
}

/** Drawn again only when it changes itself: there may be two hundred of them. */
const StepRow = memo(function StepRow({
  bench,
  number,
  name,
  voxels,
  isLast,
  isUndone,
}: {
  bench: Bench;
  number: number;
  name: string;
  voxels: number;
  isLast: boolean;
  isUndone: boolean;
}) {
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isLast && row.current) bringIntoList(row.current);
  }, [isLast]);
  return (
    <UnstyledButton
      ref={row}
      className={classes.step ?? ""}
      data-undone={isUndone || undefined}
      data-chosen={isLast || undefined}
      onClick={() => void bench.goToStep(number)}
    >
      <span className={classes.labelText}>{name}</span>
      <span className={classes.volume}>{voxels.toLocaleString()}</span>
    </UnstyledButton>
  );
});

/** Undo and redo with the names of their steps: in the bar at the top, where they are always on screen. */
export function UndoButtons({ bench }: { bench: Bench }) {
  const { editor } = bench.work;
  const isDrawing = useMade(bench.outline, (line) => line !== null);
  const step = useMade(editor.state, () => editor.history.steps[editor.history.position - 1]?.name ?? null);
  const last = isDrawing ? "the last corner" : step;
  const next = useMade(editor.state, () => editor.history.steps[editor.history.position]?.name ?? null);
  useCell(bench.scoring);
  useCell(bench.looking);
  const { elsewhere } = bench;
  const words = (name: string | null, what: string, key: string) =>
    elsewhere ?? (name ? `${what} ${name} (${key})` : `Nothing to ${what.toLowerCase()}`);
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={words(last, "Undo", keyOf("edit.undo"))}>
        <ActionIcon
          variant="default"
          aria-label="Undo"
          disabled={last === null || elsewhere !== null}
          onClick={() => void bench.undo()}
        >
          <IconArrowBackUp size={17} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={words(next, "Redo", keyOf("edit.redo"))}>
        <ActionIcon
          variant="default"
          aria-label="Redo"
          disabled={next === null || elsewhere !== null}
          onClick={() => void bench.redo()}
        >
          <IconArrowForwardUp size={17} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
