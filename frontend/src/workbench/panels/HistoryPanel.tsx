/** Right, third: every step with its name; a click goes back or forth to it. */
import { ActionIcon, Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Bench } from "../bench";
import { useCell } from "../cell";
import { keyOf } from "../keys";
import classes from "./panels.module.css";
import { Section } from "./Section";

const SHOWN = 200;

export function HistoryPanel({ bench }: { bench: Bench }) {
  const { editor } = bench.work;
  useCell(editor.state);
  const { steps, position } = editor.history;
  const first = Math.max(0, Math.min(steps.length - SHOWN, position - SHOWN / 2));
  return (
    <Section growing title="History" note={<Buttons bench={bench} />}>
      <div className={classes.history}>
        {steps.length === 0 && (
          <Text size="xs" c="dimmed">
            Each stroke becomes a step here.
          </Text>
        )}
        {steps.slice(first, first + SHOWN).map((step, i) => {
          const number = first + i + 1;
          return (
            <StepRow
              key={number}
              name={step.name}
              voxels={step.edit.count}
              isLast={number === position}
              isUndone={number > position}
              onClick={() => void editor.goTo(number)}
            />
          );
        })}
      </div>
    </Section>
  );
}

function StepRow({
  name,
  voxels,
  isLast,
  isUndone,
  onClick,
}: {
  name: string;
  voxels: number;
  isLast: boolean;
  isUndone: boolean;
  onClick: () => void;
}) {
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isLast) row.current?.scrollIntoView?.({ block: "nearest" });
  }, [isLast]);
  return (
    <UnstyledButton
      ref={row}
      className={classes.step ?? ""}
      data-undone={isUndone || undefined}
      data-chosen={isLast || undefined}
      onClick={onClick}
    >
      <span className={classes.labelText}>{name}</span>
      <span className={classes.volume}>{voxels.toLocaleString()}</span>
    </UnstyledButton>
  );
}

function Buttons({ bench }: { bench: Bench }) {
  const { editor } = bench.work;
  const { steps, position } = editor.history;
  const [last, next] = [steps[position - 1], steps[position]];
  return (
    <Group gap={2}>
      <Tooltip label={last ? `Undo ${last.name} (${keyOf("edit.undo")})` : "Nothing to undo"}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Undo"
          disabled={!last}
          onClick={() => void editor.undo()}
        >
          <IconArrowBackUp size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={next ? `Redo ${next.name} (${keyOf("edit.redo")})` : "Nothing to redo"}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Redo"
          disabled={!next}
          onClick={() => void editor.redo()}
        >
          <IconArrowForwardUp size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
