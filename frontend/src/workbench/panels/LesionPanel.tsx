/** Right: the connected components of the mask on screen, with volume and largest diameter; a click goes there. */
import { ActionIcon, Group, Loader, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useEffect } from "react";
import type { Bench } from "../bench";
import { useCell, useField } from "../cell";
import type { LabelLesion } from "../derived";
import { keyOf } from "../keys";
import { mlText } from "./LabelPanel";
import classes from "./panels.module.css";
import { Section } from "./Section";

export function LesionPanel({ bench }: { bench: Bench }) {
  const { lesionsShown } = useCell(bench.settings);
  const { value, isWorking } = useCell(bench.derived.lesions.state);
  useEffect(() => bench.derived.lesions.watch(), [bench]);
  const toggle = () => bench.settings.patch({ lesionsShown: !lesionsShown });
  return (
    <Section
      title={value ? `Lesions (${value.length})` : "Lesions"}
      note={
        <Group gap={4} wrap="nowrap">
          {isWorking && <Loader size={12} aria-label="Measuring" />}
          <Step bench={bench} direction={-1} />
          <Step bench={bench} direction={1} />
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={lesionsShown ? "Hide the list of lesions" : "Show the list of lesions"}
            aria-expanded={lesionsShown}
            onClick={toggle}
          >
            {lesionsShown ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          </ActionIcon>
        </Group>
      }
    >
      {lesionsShown && <List bench={bench} />}
    </Section>
  );
}

function Step({ bench, direction }: { bench: Bench; direction: 1 | -1 }) {
  const name = direction === 1 ? "Next lesion" : "Previous lesion";
  const key = keyOf(direction === 1 ? "lesion.next" : "lesion.previous");
  const Icon = direction === 1 ? IconArrowDown : IconArrowUp;
  return (
    <Tooltip label={`${name} (${key})`} openDelay={500}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={name}
        onClick={() => bench.stepLesion(direction)}
      >
        <Icon size={15} />
      </ActionIcon>
    </Tooltip>
  );
}

function List({ bench }: { bench: Bench }) {
  const { value, error } = useCell(bench.derived.lesions.state);
  const hidden = useField(bench.work.editor.state, "hidden");
  const chosen = useCell(bench.lesion);
  if (error) return <span className={classes.dim}>The lesions could not be measured: {error}</span>;
  if (value?.length === 0) return <span className={classes.dim}>Nothing is drawn.</span>;
  return (
    <div className={classes.lesions}>
      {value?.map((lesion, n) => (
        <LesionRow
          key={`${lesion.label} ${lesion.inside.join(" ")}`}
          lesion={lesion}
          isChosen={chosen === n}
          isHidden={hidden.has(lesion.of.key)}
          onChoose={() => bench.goToLesion(n)}
        />
      ))}
    </div>
  );
}

function LesionRow({
  lesion,
  isChosen,
  isHidden,
  onChoose,
}: {
  lesion: LabelLesion;
  isChosen: boolean;
  isHidden: boolean;
  onChoose: () => void;
}) {
  return (
    <UnstyledButton className={classes.lesion ?? ""} data-chosen={isChosen || undefined} onClick={onChoose}>
      <span
        className={classes.swatch}
        style={{ background: lesion.of.color }}
        data-hidden={isHidden || undefined}
      />
      <span className={classes.labelText}>{lesion.of.name}</span>
      <span className={classes.volume}>{sizeText(lesion)}</span>
      <span className={classes.volume}>{lesion.diameter.mm.toFixed(1)} mm</span>
    </UnstyledButton>
  );
}

const SMALLEST_ML = 0.005;

/** Return the volume in ml, or the number of voxels where that would read 0.00. */
export function sizeText({ volumeMl, voxels }: Pick<LabelLesion, "volumeMl" | "voxels">): string {
  if (volumeMl >= SMALLEST_ML) return `${mlText(volumeMl)} ml`;
  return voxels === 1 ? "1 voxel" : `${voxels} voxels`;
}
