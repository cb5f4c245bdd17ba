/** Right: the connected components of the mask on screen, with volume and largest diameter; a click goes there. */
import { ActionIcon, Group, Loader, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { memo, useEffect } from "react";
import type { Bench } from "../bench";
import { useCell, useField, useFields, useMade } from "../cell";
import type { LabelLesion } from "../derived";
import { keyOf } from "../keys";
import { mlText } from "./LabelPanel";
import classes from "./panels.module.css";
import { FoldingSection } from "./Section";

export function LesionPanel({ bench }: { bench: Bench }) {
  const { state } = bench.derived.lesions;
  const found = useMade(state, ({ value }) => value?.length ?? null);
  useEffect(() => bench.derived.lesions.watch(), [bench]);
  return (
    <FoldingSection
      bench={bench}
      name="lesions"
      title={found === null ? "Lesions" : `Lesions (${found})`}
      note={
        <Group gap={4} wrap="nowrap">
          <Measuring bench={bench} />
          <Step bench={bench} direction={-1} />
          <Step bench={bench} direction={1} />
        </Group>
      }
    >
      <List bench={bench} />
    </FoldingSection>
  );
}

function Measuring({ bench }: { bench: Bench }) {
  const isWorking = useField(bench.derived.lesions.state, "isWorking");
  return isWorking && <Loader size={12} aria-label="Measuring" />;
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
  const { value, error } = useFields(bench.derived.lesions.state, "value", "error");
  const hidden = useField(bench.work.editor.state, "hidden");
  const chosen = useCell(bench.lesion);
  if (error) return <span className={classes.dim}>The lesions could not be measured: {error}</span>;
  if (value?.length === 0) return <span className={classes.dim}>Nothing is drawn.</span>;
  return (
    <div className={classes.lesions}>
      {value?.slice(0, LISTED).map((lesion, n) => (
        <LesionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its rank; a measured change draws only what differs
          key={n}
          bench={bench}
          rank={n}
          colour={lesion.of.color}
          name={lesion.of.name}
          size={sizeText(lesion)}
          diameter={`${lesion.diameter.mm.toFixed(1)} mm`}
          isChosen={chosen === n}
          isHidden={hidden.has(lesion.of.key)}
        />
      ))}
      {value && value.length > LISTED && (
        <span className={classes.dim}>
          and {value.length - LISTED} smaller ones; {keyOf("lesion.next")} goes to them too
        </span>
      )}
    </div>
  );
}

const LesionRow = memo(function LesionRow({
  bench,
  rank,
  colour,
  name,
  size,
  diameter,
  isChosen,
  isHidden,
}: {
  bench: Bench;
  rank: number;
  colour: string;
  name: string;
  size: string;
  diameter: string;
  isChosen: boolean;
  isHidden: boolean;
}) {
  return (
    <UnstyledButton
      className={classes.lesion ?? ""}
      data-chosen={isChosen || undefined}
      title={name}
      onClick={() => bench.goToLesion(rank)}
    >
      <span className={classes.swatch} style={{ background: colour }} data-hidden={isHidden || undefined} />
      <span className={classes.labelText}>{name}</span>
      <span className={classes.volume}>{size}</span>
      <span className={classes.volume}>{diameter}</span>
    </UnstyledButton>
  );
});

/** A mask with thousands of specks must not stop the page at every stroke. */
const LISTED = 200;

const SMALLEST_ML = 0.005;

/** Return the volume in ml, or the number of voxels where that would read 0.00. */
export function sizeText({ volumeMl, voxels }: Pick<LabelLesion, "volumeMl" | "voxels">): string {
  if (volumeMl >= SMALLEST_ML) return `${mlText(volumeMl)} ml`;
  return voxels === 1 ? "1 voxel" : `${voxels} voxels`;
}
