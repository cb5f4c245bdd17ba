/** Left, for those who may see them: outlines of other masks, the model's probability, the readers' disagreement. */
import { Button, Group, Slider, Stack, Switch, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import type { DisagreementMap } from "@/api/agreement";
import type { OutlineKind } from "@/api/assignment";
import type { Bench } from "../bench";
import { useCell, useField, useFields } from "../cell";
import type { Guide } from "../guides";
import { RANGES } from "../settings";
import { Section } from "./Section";

const OUTLINES: Readonly<Record<OutlineKind, string>> = {
  start: "Mask as given",
  previous: "Previous exam",
};

export function GuidePanel({ bench }: { bench: Bench }) {
  const { guides } = bench.work;
  const { error } = useCell(guides.loaded);
  const choices = useFields(bench.settings, "guidesShown");
  const active = useField(bench.work.editor.state, "active");
  useEffect(() => {
    for (const kind of guides.outlines) if (guides.isShown(kind, choices)) void guides.readOutline(kind);
  }, [guides, choices]);
  useEffect(() => void guides.findDisagreement(), [guides]);
  if (guides.isEmpty) return null;
  const disagreement = guides.disagreementIn(active.layerIndex);
  const map = guides.mapFor(active.key);
  return (
    <Section title="To compare" note={guides.outlines.length > 0 ? "dashed" : undefined}>
      {guides.outlines.map((kind) => (
        <GuideSwitch key={kind} bench={bench} guide={kind} label={OUTLINES[kind]} />
      ))}
      {map && <Probability bench={bench} map={map} />}
      {disagreement && <Disagreement bench={bench} map={disagreement} />}
      {error && (
        <Text size="xs" c="red.4" role="alert">
          {error}
        </Text>
      )}
    </Section>
  );
}

interface GuideSwitchProps {
  readonly bench: Bench;
  readonly guide: Guide;
  readonly label: string;
  readonly description?: string;
  readonly title?: string;
}

/** Shown or not in this study. */
function GuideSwitch({ bench, guide, ...words }: GuideSwitchProps) {
  const { guides } = bench.work;
  const choices = useFields(bench.settings, "guidesShown");
  return (
    <Switch
      size="xs"
      checked={guides.isShown(guide, choices)}
      onChange={(event) =>
        bench.settings.patch({
          guidesShown: guides.withShown(guide, event.currentTarget.checked, choices.guidesShown),
        })
      }
      {...words}
    />
  );
}

function Disagreement({ bench, map }: { bench: Bench; map: DisagreementMap }) {
  const { guides } = bench.work;
  const isShown = guides.isShown("disagreement", useFields(bench.settings, "guidesShown"));
  const viewer = useCell(bench.lent);
  useEffect(() => {
    if (isShown && viewer) void guides.readDisagreement(map, viewer);
  }, [guides, map, isShown, viewer]);
  return (
    <GuideSwitch
      bench={bench}
      guide="disagreement"
      label={`Where ${map.readers} people disagree`}
      description={`dark: nearly all agree; bright: ${map.most_bits.toFixed(2)} bits, evenly divided`}
    />
  );
}

/** What has just appeared at the end of the panel is scrolled to: on a small screen it would stay unseen. */
function Revealed({ children }: { children: ReactNode }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView?.({ block: "nearest" });
  }, []);
  return (
    <Stack ref={end} gap={7} pb={6}>
      {children}
    </Stack>
  );
}

function Probability({ bench, map }: { bench: Bench; map: string }) {
  const { guides, editor } = bench.work;
  const settings = useFields(bench.settings, "guidesShown", "probabilityAtLeast");
  const { probabilityAtLeast } = settings;
  const isShown = guides.isShown("probability", settings);
  const { maps } = useCell(guides.loaded);
  const viewer = useCell(bench.lent);
  useEffect(() => {
    if (isShown && viewer) void guides.readMap(map, viewer);
  }, [guides, map, isShown, viewer]);
  const label = editor.labels.find(({ key }) => key === map);
  return (
    <>
      <GuideSwitch
        bench={bench}
        guide="probability"
        label="Probability"
        title={`The model's probability of ${label?.name ?? map}`}
      />
      {isShown && maps[map] && (
        <Revealed>
          <Group gap="xs" wrap="nowrap">
            <Slider
              style={{ flex: 1 }}
              size="xs"
              {...RANGES.probabilityAtLeast}
              value={probabilityAtLeast}
              label={null}
              thumbLabel="Probability at least"
              onChange={(value) => bench.settings.patch({ probabilityAtLeast: value })}
            />
            <Text size="xs" ta="right" style={{ whiteSpace: "nowrap" }}>
              ≥ {probabilityAtLeast.toFixed(2)}
            </Text>
          </Group>
          <Button size="compact-xs" variant="default" onClick={() => void bench.drawProbability()}>
            Turn into mask
          </Button>
        </Revealed>
      )}
    </>
  );
}
