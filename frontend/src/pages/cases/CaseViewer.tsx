/** The images of a case with a segmentation over them, to look at. */
import { Group, Loader, NativeSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { type DisagreementMap, useDisagreementMaps } from "@/api/agreement";
import type { CaseDetail, ProbabilityMap, Series } from "@/api/cases";
import { useLabelSchemes } from "@/api/imports";
import type { Vec3 } from "@/labels";
import { wordsOf } from "@/ui/words";
import classes from "./CaseViewer.module.css";
import { colourSteps, GRADIENT, STEPS } from "./entropy";
import { readScheme } from "./schemes";
import { ShownCase } from "./shown";

/** What is drawn over a case: a segmentation or a disagreement map by its id, a probability by its address, or nothing. */
export type Over =
  | { readonly segmentation: number }
  | { readonly map: number }
  | { readonly probability: string }
  | null;

const MAP_COLOURS = colourSteps();
const LOWEST_PROBABILITY = 0.05;

/** Show the prepared series of a case with what is chosen over them. */
export function CaseViewer({
  detail,
  over,
  onOver,
  at,
}: {
  detail: CaseDetail;
  over: Over;
  onOver: (over: Over) => void;
  /** The voxel to show, where the address names one. */
  at: Vec3 | null;
}) {
  const { data: maps = [] } = useDisagreementMaps({ case: detail.id });
  const segmentation = over && "segmentation" in over ? over.segmentation : null;
  const map = over && "map" in over ? (maps.find(({ id }) => id === over.map) ?? maps[0]) : undefined;
  const probability = probabilityIn(detail, over);
  const shown = detail.series.filter(({ image }) => image !== null);
  const reference = shown.find(({ id }) => id === detail.reference) ?? shown[0];
  const [seriesId, setSeriesId] = useState<number | null>(null);
  const [layer, setLayer] = useState(0);
  const series = shown.find(({ id }) => id === seriesId) ?? reference;
  const chosen = detail.segmentations.find(({ id }) => id === segmentation);
  const schemes = useLabelSchemes();
  const { labels, layers } = readScheme(schemes.data?.find(({ name }) => name === chosen?.scheme));
  const inLayer = labels.filter((label) => label.layer === layers[layer]?.key);
  if (!series) return <Text size="sm">The pictures are not prepared yet.</Text>;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Sequence"
          data={shown.map((each) => ({ value: String(each.id), label: nameOf(each) }))}
          value={String(series.id)}
          onChange={(value) => setSeriesId(Number(value))}
        />
        <Group gap="xs">
          {layers.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Layer"
              data={layers.map(({ name }, index) => ({ value: String(index), label: name }))}
              value={String(layer)}
              onChange={(event) => setLayer(Number(event.currentTarget.value))}
            />
          )}
          <NativeSelect
            size="xs"
            aria-label="Segmentation"
            data={[
              { value: "", label: "No segmentation" },
              ...detail.segmentations.map(({ id, rater }) => ({
                value: String(id),
                label: `${rater} (#${id})`,
              })),
              ...(maps.length > 0 ? [{ group: "Where people disagree", items: maps.map(optionOf) }] : []),
              ...probabilityGroup(detail),
            ]}
            value={probability?.image ?? (map ? optionOf(map).value : (segmentation ?? ""))}
            onChange={({ currentTarget: { value } }) => {
              setLayer(0);
              if (detail.probabilities.some(({ image }) => image === value)) {
                onOver({ probability: value });
                return;
              }
              const id = Number(value.replace(MAP, ""));
              onOver(value === "" ? null : value.startsWith(MAP) ? { map: id } : { segmentation: id });
            }}
          />
        </Group>
      </Group>
      <Canvas
        series={series}
        at={at}
        overlay={chosen && inLayer.length > 0 ? { url: chosen.labels, layer, labels: inLayer } : null}
        map={probability?.image ?? map?.image ?? null}
        lowest={probability ? LOWEST_PROBABILITY * STEPS : 1}
      />
      <Group gap="md">
        {chosen &&
          inLayer.map(({ key, name, color }) => (
            <Group key={key} gap={5}>
              <span className={classes.swatch} style={{ background: color }} />
              <Text size="xs">{name}</Text>
            </Group>
          ))}
        <Legend map={map} probability={probability} />
        <Text size="xs" c="dimmed">
          Click to move, wheel to turn slices. The patient's right is on the left of the screen.
        </Text>
      </Group>
    </Stack>
  );
}

const MAP = "map:";

function optionOf({ id, study_name: study, layer_name: layer, readers }: DisagreementMap) {
  return { value: `${MAP}${id}`, label: `${study}, ${layer}: ${readers} people` };
}

function probabilityIn({ probabilities }: CaseDetail, over: Over): ProbabilityMap | undefined {
  return over && "probability" in over
    ? probabilities.find(({ image }) => image === over.probability)
    : undefined;
}

function probabilityGroup({ probabilities }: CaseDetail) {
  return probabilities.length > 0
    ? [{ group: "Probability", items: probabilities.map(probabilityOption) }]
    : [];
}

function probabilityOption({ segmentation, rater, key, image }: ProbabilityMap) {
  return { value: image, label: `${key}, ${rater} (#${segmentation})` };
}

function Legend({
  map,
  probability,
}: {
  map: DisagreementMap | undefined;
  probability: ProbabilityMap | undefined;
}) {
  if (probability) {
    const name = `Probability of ${probability.key} by ${probability.rater}, ${LOWEST_PROBABILITY} to 1`;
    return <ColourBar from={String(LOWEST_PROBABILITY)} to="1" name={name} />;
  }
  if (!map) return null;
  const bits = `${map.most_bits.toFixed(2)} bits`;
  const name = `Entropy of the labels of ${map.readers} people, 0 to ${bits}`;
  return <ColourBar from="all agree" to={`${bits}, evenly divided`} name={name} />;
}

/** What the colours of a map mean. */
function ColourBar({ from, to, name }: { from: string; to: string; name: string }) {
  return (
    <Group gap={6} role="img" aria-label={name}>
      <Text size="xs">{from}</Text>
      <span className={classes.bar} style={{ background: GRADIENT }} />
      <Text size="xs">{to}</Text>
    </Group>
  );
}

function nameOf({ sequence, name }: Series): string {
  return name ? `${sequence} ${name}` : sequence;
}

function Canvas({
  series,
  overlay,
  map,
  lowest,
  at,
}: {
  series: Series;
  overlay: Parameters<ShownCase["showOverlay"]>[0];
  map: string | null;
  /** The lowest step of the map that is drawn. */
  lowest: number;
  at: Vec3 | null;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<ShownCase | null>(null);
  const [message, setMessage] = useState<string | null>("");
  useEffect(() => {
    // A canvas whose graphics were given back cannot draw again, so each opening gets its own.
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-label", "Slices of the case");
    host.current?.append(canvas);
    let opened: ShownCase | null = null;
    let left = false;
    ShownCase.open(canvas)
      .then((made) => {
        opened = made;
        if (left) made.close();
        else setViewer(made);
      })
      .catch((error: unknown) => setMessage(wordsOf(error)));
    return () => {
      left = true;
      opened?.close();
      canvas.remove();
      setViewer(null);
    };
  }, []);

  const { image, window } = series;
  const name = nameOf(series);
  const [low, high] = window ?? [];
  const { url, layer, labels } = overlay ?? {};
  const place = at && JSON.stringify(at);
  const colours = JSON.stringify(labels ?? null);
  useEffect(() => {
    if (!viewer || !image) return undefined;
    let stale = false;
    const show = async () => {
      setMessage("");
      await viewer.showImage(image, name, low === undefined || high === undefined ? null : [low, high]);
      if (stale) return;
      if (map) await viewer.showSteps({ url: map, colours: MAP_COLOURS, lowest });
      else await viewer.showOverlay(url ? { url, layer: layer ?? 0, labels: JSON.parse(colours) } : null);
      if (stale) return;
      if (place) viewer.pinAt(JSON.parse(place));
      setMessage(null);
    };
    show().catch((error: unknown) => {
      if (!stale) setMessage(wordsOf(error));
    });
    return () => {
      stale = true;
    };
  }, [viewer, image, name, low, high, url, layer, colours, map, lowest, place]);
  return (
    <div ref={host} className={classes.host}>
      {message !== null && (
        <div className={classes.message}>
          {message === "" ? <Loader aria-label="Loading" /> : <Text size="sm">{message}</Text>}
        </div>
      )}
    </div>
  );
}
