/** Right, first: the labels with their volumes, visibility and lock; the regions below. */
import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconEye, IconEyeOff, IconLock, IconLockOpen } from "@tabler/icons-react";
import { memo } from "react";
import type { Bench } from "../bench";
import { useMade } from "../cell";
import type { Editor, EditorLabel } from "../editor";
import classes from "./panels.module.css";
import { FoldingSection, Section } from "./Section";

export function LabelPanel({ bench }: { bench: Bench }) {
  const { editor } = bench.work;
  const { layers } = editor.scheme;
  return (
    <Section title="Labels" note="ml">
      {layers.map((layer) => (
        <div key={layer.key}>
          {layers.length > 1 && <div className={classes.layer}>{layer.name}</div>}
          {editor.labels.map((label, n) =>
            label.layer === layer.key ? (
              <LabelRow key={label.key} editor={editor} label={label} digit={n + 1} />
            ) : null,
          )}
        </div>
      ))}
    </Section>
  );
}

/** The regions: labels taken together. */
export function RegionPanel({ bench }: { bench: Bench }) {
  const { editor } = bench.work;
  const { regions } = editor.scheme;
  if (regions.length === 0) return null;
  return (
    <FoldingSection bench={bench} name="regions" title="Regions" note="ml">
      <div>
        {regions.map((region) => (
          <div key={region.key} className={classes.region}>
            <span className={classes.wholeName} title={region.name}>
              {region.name}
            </span>
            <Volume editor={editor} ml={() => editor.regionMl(region)} />
          </div>
        ))}
      </div>
    </FoldingSection>
  );
}

/** A volume that follows every stroke. It alone is drawn then: rows with their buttons stay as they are. */
function Volume({ editor, ml }: { editor: Editor; ml: () => number }) {
  return <span className={classes.volume}>{useMade(editor.state, () => mlText(ml()))}</span>;
}

function LabelRow({ editor, label, digit }: { editor: Editor; label: EditorLabel; digit: number }) {
  const isActive = useMade(editor.state, ({ active }) => active.key === label.key);
  const isHidden = useMade(editor.state, ({ hidden }) => hidden.has(label.key));
  return (
    <div className={classes.label} data-chosen={isActive || undefined}>
      <UnstyledButton
        className={classes.labelName ?? ""}
        aria-pressed={isActive}
        onClick={() => editor.select(label.key)}
      >
        <kbd
          className={classes.chip}
          style={{ background: label.color, color: inkOn(label.color) }}
          data-hidden={isHidden || undefined}
        >
          {digit <= 9 ? digit : ""}
        </kbd>
        <span className={classes.wholeName} title={label.name}>
          {label.name}
        </span>
        <Volume editor={editor} ml={() => editor.volumeMl(label)} />
      </UnstyledButton>
      <Visibility editor={editor} label={label} />
      <Lock editor={editor} label={label} />
    </div>
  );
}

interface LabelButtonProps {
  readonly editor: Editor;
  readonly label: EditorLabel;
}

const Visibility = memo(function Visibility({ editor, label }: LabelButtonProps) {
  const isHidden = useMade(editor.state, ({ hidden }) => hidden.has(label.key));
  return (
    <Tooltip label={isHidden ? "Show" : "Hide (double click: show only this one)"} openDelay={500}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={`${isHidden ? "Show" : "Hide"} ${label.name}`}
        onClick={() => editor.toggleHidden(label.key)}
        onDoubleClick={() => editor.showOnly(label.key)}
      >
        {isHidden ? <IconEyeOff size={15} /> : <IconEye size={15} />}
      </ActionIcon>
    </Tooltip>
  );
});

const Lock = memo(function Lock({ editor, label }: LabelButtonProps) {
  const isLocked = useMade(editor.state, ({ locked }) => locked.has(label.key));
  return (
    <Tooltip label={isLocked ? "Unlock" : "Lock: no tool changes it"} openDelay={500}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color={isLocked ? "yellow" : "gray"}
        aria-label={`${isLocked ? "Unlock" : "Lock"} ${label.name}`}
        onClick={() => editor.toggleLock(label.key)}
      >
        {isLocked ? <IconLock size={15} /> : <IconLockOpen size={15} />}
      </ActionIcon>
    </Tooltip>
  );
});

/** Return millilitres with a precision that fits their size. */
export function mlText(ml: number): string {
  return ml >= 100 ? ml.toFixed(0) : ml >= 10 ? ml.toFixed(1) : ml.toFixed(2);
}

/** Return black or white, whichever can be read on the colour (WCAG relative luminance). */
export function inkOn(colour: string): string {
  const rgb = Number.parseInt(colour.slice(1), 16);
  const linear = (channel: number) => ((channel & 255) / 255) ** 2.2;
  const luminance = 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
  return luminance > 0.18 ? "#000000" : "#ffffff";
}
