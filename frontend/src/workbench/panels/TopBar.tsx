/** Top: which case, protocol, time, where the work is, submit. */
import { ActionIcon, Badge, Button, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconDots, IconFlag, IconKeyboard, IconNotes } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Bench } from "../bench";
import { keyOf } from "../keys";
import { UndoButtons } from "./HistoryPanel";
import classes from "./panels.module.css";
import { SavedState } from "./SavedState";
import { Timer } from "./Timer";

/** What the bar can ask for. */
export interface TopBarActions {
  readonly onSubmit: () => void;
  readonly onProtocol: () => void;
  readonly onHelp: () => void;
  readonly onProblem: () => void;
  readonly onSignIn: () => void;
  readonly onConflict: () => void;
  readonly onTakeBack: () => void;
}

export function TopBar({ bench, actions }: { bench: Bench; actions: TopBarActions }) {
  const { assignment, saver, unkept, clock } = bench.work;
  const { study, position, total } = assignment;
  return (
    <header className={classes.top}>
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <Tooltip label="Back to my cases">
          <ActionIcon component={Link} to="/" variant="subtle" color="gray" aria-label="Back to my cases">
            <IconArrowLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <Text component="h1" size="sm" fw={600} style={{ whiteSpace: "nowrap" }}>
          Case {position} of {total}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {study.name}
        </Text>
        {study.synthetic && (
          <Badge size="sm" variant="outline" color="yellow" style={{ flexShrink: 0 }}>
            Synthetic data
          </Badge>
        )}
      </Group>
      <Group gap="sm" wrap="nowrap" style={{ flexShrink: 0 }}>
        <UndoButtons bench={bench} />
        <Timer clock={clock} />
        <SavedState
          saver={saver}
          unkept={unkept}
          onSignIn={actions.onSignIn}
          onConflict={actions.onConflict}
          onTakeBack={actions.onTakeBack}
        />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconNotes size={15} aria-hidden />}
          onClick={actions.onProtocol}
        >
          Protocol
        </Button>
        <Tooltip label={`Keys (${keyOf("help")})`}>
          <ActionIcon variant="default" aria-label="Keys" onClick={actions.onHelp}>
            <IconKeyboard size={17} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" aria-label="More">
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconFlag size={15} />} onClick={actions.onProblem}>
              Report a problem with this case
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Tooltip label={`Submit (${keyOf("submit")})`} openDelay={300}>
          <Button size="compact-sm" onClick={actions.onSubmit}>
            Submit
          </Button>
        </Tooltip>
      </Group>
    </header>
  );
}
