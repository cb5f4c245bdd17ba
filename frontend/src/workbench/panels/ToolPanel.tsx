/** Right, second: the tools that work by the pointer, and the options of the active one. */
import { ActionIcon, Group, Tooltip } from "@mantine/core";
import {
  IconArrowsMove,
  IconBrush,
  IconColorFilter,
  IconEraser,
  IconLasso,
  IconPuzzle,
  IconScissors,
  IconWand,
} from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import type { ToolName } from "@/tools";
import type { Bench } from "../bench";
import { useFields } from "../cell";
import { TOOL_NAMES } from "../gestures";
import { type Action, keyOf } from "../keys";
import { Section } from "./Section";
import { ToolOptions } from "./ToolOptions";

const TOOLS: readonly { tool: ToolName; icon: ReactNode; action: Action }[] = [
  { tool: "navigate", icon: <IconArrowsMove size={18} />, action: "tool.navigate" },
  { tool: "brush", icon: <IconBrush size={18} />, action: "tool.brush" },
  { tool: "eraser", icon: <IconEraser size={18} />, action: "tool.eraser" },
  { tool: "threshold", icon: <IconColorFilter size={18} />, action: "tool.threshold" },
  { tool: "lasso", icon: <IconLasso size={18} />, action: "tool.lasso" },
  { tool: "grow", icon: <IconWand size={18} />, action: "tool.grow" },
  { tool: "part", icon: <IconPuzzle size={18} />, action: "tool.part" },
  { tool: "scribble", icon: <IconScissors size={18} />, action: "tool.scribble" },
];

export function ToolPanel({ bench }: { bench: Bench }) {
  const { tool } = useFields(bench.settings, "tool");
  return (
    <Section
      title={TOOL_NAMES[tool]}
      note={keyOf(TOOLS.find((each) => each.tool === tool)?.action ?? "help")}
    >
      <Group gap={4} role="radiogroup" aria-label="Tool" wrap="nowrap">
        {TOOLS.map(({ tool: name, icon, action }) => (
          <ToolButton
            key={name}
            bench={bench}
            name={name}
            icon={icon}
            hotkey={keyOf(action)}
            isChosen={tool === name}
          />
        ))}
      </Group>
      <ToolOptions bench={bench} tool={tool} />
    </Section>
  );
}

const ToolButton = memo(function ToolButton({
  bench,
  name,
  icon,
  hotkey,
  isChosen,
}: {
  bench: Bench;
  name: ToolName;
  icon: ReactNode;
  hotkey: string;
  isChosen: boolean;
}) {
  return (
    <Tooltip label={`${TOOL_NAMES[name]} (${hotkey})`} openDelay={300}>
      <ActionIcon
        role="radio"
        aria-checked={isChosen}
        aria-label={TOOL_NAMES[name]}
        size={31}
        variant={isChosen ? "filled" : "default"}
        onClick={() => bench.chooseTool(name)}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
});
