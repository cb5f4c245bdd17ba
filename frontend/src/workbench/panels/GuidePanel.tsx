/** Left, for those who may see them: outlines of other masks, the model's probability, the readers' disagreement. */
import { Button, Group, Slider, Stack, Switch, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import type { DisagreementMap } from "@/api/agreement";
import type { OutlineKind } from "@/api/assignment";
import type { Bench } from "../bench";
import { useCell, useField, useFields } from "../cell";
import { RANGES } from "../settings";
import { Section } from "./Section";
import { SettingSwitch } from "./SettingControls";

const OUTLINES: Readonly<Record<OutlineKind, string>> = {
  start: "Mask as given",
  previous: "Previous exam",
};

export function GuidePanel({ bench }: { bench: Bench }) {
  const { guides } = bench.work;
  const { error } = useCell(guides.loaded);
  const { outlinesShown } = useFields(bench.settings, "outlinesShown");
  const active = useField(bench.work.editor.state, "active");
  useEffect(() => {
    for (const kind of outlinesShown) void guides.readOutline(kind);
  }, [guides, outlinesShown]);
  useEffect(() => void guides.findDisagreement(), [guides]);
  if (guides.isEmpty) return null;
  const disagreement = guides.disagreementIn(active.layerIndex);
  const toggle = (kind: OutlineKind, on: boolean) =>
    bench.settings.patch({
      outlinesShown: on ? [...outlinesShown, kind] : outlinesShown.filter((each) => each !== kind),
    });
  const map = guides.mapFor(active.key);
  return (
    <Section title="To compare" note={guides.outlines.length > 0 ? "dashed" : undefined}>
      {guides.outlines.map((kind) => (
        <Switch
          key={kind}
          size="xs"
          label={OUTLINES[kind]}
          checked={outlinesShown.includes(kind)}
          onChange={(event) => toggle(kind, event.currentTarget.checked)}
        />
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

function Disagreement({ bench, map }: { bench: Bench; map: DisagreementMap }) {
  const { guides } = bench.work;
  const { disagreementShown } = useFields(bench.settings, "disagreementShown");
  const viewer = useCell(bench.lent);
  useEffect(() => {
    if (disagreementShown && viewer) void guides.readDisagreement(map, viewer);
  }, [guides, map, disagreementShown, viewer]);
  return (
    <SettingSwitch
      bench={bench}
      name="disagreementShown"
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
  const { probabilityShown, probabilityAtLeast } = useFields(
    bench.settings,
    "probabilityShown",
    "probabilityAtLeast",
  );
  const { maps } = useCell(guides.loaded);
  const viewer = useCell(bench.lent);
  useEffect(() => {
    if (probabilityShown && viewer) void guides.readMap(map, viewer);
  }, [guides, map, probabilityShown, viewer]);
  const label = editor.labels.find(({ key }) => key === map);
  return (
    <>
      <SettingSwitch
        bench={bench}
        name="probabilityShown"
        label="Probability"
        title={`The model's probability of ${label?.name ?? map}`}
      />
      {probabilityShown && maps[map] && (
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
