/** Volumes against the majority's, as Bland and Altman draw them, with the raters' intraclass correlation. */
import { NativeSelect, Stack, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import type { StudyAgreement } from "@/api/agreement";
import { formatMl } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import classes from "./agreement.module.css";
import { caseName, groupOf, ticksOf } from "./metrics";
import { Point } from "./Point";

const HEIGHT = 250;
const BOTTOM = 36;
const LEFT = 48;
const RIGHT = 12;
const TOP = 8;

interface Pair {
  readonly case: number;
  readonly rater: number;
  readonly segmentation: number;
  readonly mean: number;
  readonly difference: number;
}

/** Show all raters, or one with bias and limits of agreement. */
export function Volumes({ agreement, opens }: { agreement: StudyAgreement; opens: boolean }) {
  const [rater, setRater] = useState("");
  const { icc } = agreement;
  const pairs = agreement.readings.flatMap(
    ({ case: id, rater: own, segmentation, volume_ml: volume, consensus_ml: consensus }): readonly Pair[] =>
      consensus === null || (rater && String(own) !== rater)
        ? []
        : [
            {
              case: id,
              rater: own,
              segmentation,
              mean: (volume + consensus) / 2,
              difference: volume - consensus,
            },
          ],
  );
  const limits = agreement.volumes.find((row) => String(row.rater) === rater);
  return (
    <Panel
      title="Volumes"
      actions={
        <NativeSelect
          size="xs"
          aria-label="Rater whose volumes are shown"
          data={[
            { value: "", label: "All raters" },
            ...agreement.raters.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          value={rater}
          onChange={(event) => setRater(event.currentTarget.value)}
        />
      }
    >
      <Stack gap={4}>
        {pairs.length > 0 ? (
          <Plot agreement={agreement} pairs={pairs} limits={limits} opens={opens} />
        ) : (
          <Text size="sm" c="dimmed" py="xl" ta="center">
            A majority needs two people who have read the same case.
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {limits
            ? said(limits)
            : "Difference to the majority's volume against the mean of both. Choose a rater for bias and limits of agreement."}
        </Text>
        <Text size="xs">
          {icc.form} of the people's volumes: {correlation(icc)}
        </Text>
      </Stack>
    </Panel>
  );
}

function correlation({
  value,
  low,
  high,
  note,
  n_raters: people,
  n_cases: cases,
}: StudyAgreement["icc"]): string {
  if (people < 2 || cases < 3)
    return `needs two people and three cases that all of them have read; there are ${people} and ${cases}.`;
  if (value === null) return note;
  const interval = low !== null && high !== null ? ` [${low.toFixed(3)}, ${high.toFixed(3)}]` : "";
  return `${value.toFixed(3)}${interval}, ${people} people, ${cases} cases.`;
}

function said({ bias, lower, upper, n }: StudyAgreement["volumes"][number]): string {
  if (bias === null || lower === null || upper === null)
    return `Limits of agreement need three cases; there are ${n}.`;
  return `Bias ${signed(bias)}, 95 % limits of agreement ${signed(lower)} to ${signed(upper)}, n = ${n} cases.`;
}

function signed(ml: number): string {
  return `${ml < 0 ? "−" : "+"}${formatMl(Math.abs(ml))}`;
}

function Plot({
  agreement,
  pairs,
  limits,
  opens,
}: {
  agreement: StudyAgreement;
  pairs: readonly Pair[];
  limits: StudyAgreement["volumes"][number] | undefined;
  opens: boolean;
}) {
  const { ref, width } = useElementSize();
  const lines = [limits?.lower, limits?.bias, limits?.upper].filter((value) => typeof value === "number");
  const right = Math.max(...pairs.map(({ mean }) => mean), 1e-3) * 1.05;
  const reach =
    Math.max(...pairs.map(({ difference }) => Math.abs(difference)), ...lines.map(Math.abs), 1e-3) * 1.15;
  const x = (value: number) => LEFT + ((width - LEFT - RIGHT) * value) / right;
  const y = (value: number) => TOP + ((HEIGHT - TOP - BOTTOM) * (reach - value)) / (2 * reach);
  const raters = new Map(agreement.raters.map((rater) => [rater.id, rater]));
  return (
    <div ref={ref}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} className={classes.plot}>
          <title>Difference of volumes to the majority's, against their mean</title>
          {ticksOf(-reach, reach, 8).map((tick) => (
            <g key={tick}>
              <line
                x1={LEFT}
                x2={width - RIGHT}
                y1={y(tick)}
                y2={y(tick)}
                className={tick ? classes.grid : classes.zero}
              />
              <text x={LEFT - 6} y={y(tick)} textAnchor="end" dominantBaseline="central">
                {tick > 0 ? `+${tick}` : String(tick).replace("-", "−")}
              </text>
            </g>
          ))}
          {ticksOf(0, right).map((tick) => (
            <text key={tick} x={x(tick)} y={HEIGHT - BOTTOM + 14} textAnchor="middle">
              {tick}
            </text>
          ))}
          <text x={(width + LEFT) / 2} y={HEIGHT - 6} textAnchor="middle" className={classes.faint}>
            mean of both volumes (ml)
          </text>
          <text
            transform={`translate(11 ${HEIGHT / 2 - 14}) rotate(-90)`}
            textAnchor="middle"
            className={classes.faint}
          >
            rater − majority (ml)
          </text>
          {lines.map((value, place) => (
            <line
              key={["lower", "bias", "upper"][place]}
              x1={LEFT}
              x2={width - RIGHT}
              y1={y(value)}
              y2={y(value)}
              className={place === 1 ? classes.mean : classes.limit}
            />
          ))}
          {pairs.map((pair) => {
            const rater = raters.get(pair.rater);
            return (
              <Point
                key={pair.segmentation}
                x={x(pair.mean)}
                y={y(pair.difference)}
                colour={rater ? groupOf(rater).colour : "#66717d"}
                label={`${rater?.name ?? ""}, ${caseName(agreement, pair.case)}: ${signed(pair.difference)} at ${formatMl(pair.mean)}`}
                to={opens ? `/cases/${pair.case}?segmentation=${pair.segmentation}` : null}
              />
            );
          })}
        </svg>
      )}
    </div>
  );
}
