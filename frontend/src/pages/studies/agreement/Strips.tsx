/** Every reading as a point, by rater and group of raters; each point opens its case with that mask. */
import { NativeSelect, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import type { AgreementRater, AgreementReading, Mean, StudyAgreement } from "@/api/agreement";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import classes from "./agreement.module.css";
import {
  COMPARISONS,
  type Comparison,
  caseName,
  figureOf,
  groupOf,
  METRICS,
  meanOf,
  show,
  ticksOf,
} from "./metrics";
import { Point } from "./Point";

const HEIGHT = 268;
const BOTTOM = 44;
const LEFT = 40;
const TOP = 24;
const FIRST = "jaccard:others";

/** Show the strips of one comparison, to be chosen. */
export function Strips({ agreement, opens }: { agreement: StudyAgreement; opens: boolean }) {
  const [asked, setAsked] = useState<string | null>(null);
  const any = agreement.readings.some(({ others }) => others !== null);
  const key = asked ?? (any ? FIRST : "jaccard:consensus");
  const comparison = COMPARISONS[key];
  if (!comparison) return null;
  const values = agreement.readings.map((reading) => figureOf(reading, comparison));
  const undefinedCount = values.filter((value) => value === null).length;
  return (
    <Panel
      title="Each rater"
      actions={
        <NativeSelect
          size="xs"
          aria-label="Measure of the readings"
          data={Object.entries(COMPARISONS).map(([value, { label }]) => ({ value, label }))}
          value={key}
          onChange={(event) => setAsked(event.currentTarget.value)}
        />
      }
    >
      {values.some((value) => value !== null) ? (
        <Plot agreement={agreement} comparison={comparison} opens={opens} />
      ) : (
        <Text size="sm" c="dimmed" py="xl" ta="center">
          {comparison.against === "others"
            ? "A majority of the others needs three people who have read the same case."
            : "A majority needs two people who have read the same case."}
        </Text>
      )}
      <Text size="xs" c="dimmed" mt="xs">
        The bar is the mean.{" "}
        {comparison.against === "others" && "Nobody is compared with a majority that they voted in. "}
        {undefinedCount > 0 && `${formatCount(undefinedCount, "reading")} without this figure.`}
      </Text>
    </Panel>
  );
}

function Plot({
  agreement,
  comparison,
  opens,
}: {
  agreement: StudyAgreement;
  comparison: Comparison;
  opens: boolean;
}) {
  const { ref, width } = useElementSize();
  const look = METRICS[comparison.metric];
  const defined = agreement.readings.flatMap((reading) => {
    const value = figureOf(reading, comparison);
    return value === null ? [] : [{ reading, value }];
  });
  const largest = Math.max(...defined.map(({ value }) => value));
  const top = look.highIsGood ? 1 : largest * 1.05 || 1;
  const bottom = look.highIsGood ? lowEnd(Math.min(...defined.map(({ value }) => value))) : 0;
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - bottom) / (top - bottom));
  const step = Math.max(30, (width - LEFT) / Math.max(1, agreement.raters.length));
  return (
    <div ref={ref} className={classes.scroll}>
      {width > 0 && (
        <svg width={LEFT + step * agreement.raters.length} height={HEIGHT} className={classes.plot}>
          <title>{`${look.name} of every reading, by rater`}</title>
          {ticksOf(bottom, top).map((tick) => (
            <g key={tick}>
              <line x1={LEFT} x2="100%" y1={y(tick)} y2={y(tick)} className={classes.grid} />
              <text x={LEFT - 6} y={y(tick)} textAnchor="end" dominantBaseline="central">
                {tick}
              </text>
            </g>
          ))}
          {agreement.raters.map((rater, place) => (
            <Strip
              key={rater.id}
              rater={rater}
              mean={meanOf(agreement, rater.id, comparison)}
              opens={opens}
              own={defined.filter(({ reading }) => reading.rater === rater.id)}
              x={LEFT + step * (place + 0.5)}
              width={step}
              y={y}
              label={(reading, value) =>
                `${rater.name}, ${caseName(agreement, reading.case)}: ${look.name} ${show(value, { ...look, digits: 3 })}`
              }
              newGroup={rater.group !== agreement.raters[place - 1]?.group}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

/** Return where an axis of values up to 1 begins: 0, or a tenth below the smallest. */
function lowEnd(smallest: number): number {
  return Math.max(0, Math.floor(smallest * 10 - 1e-9) / 10);
}

function Strip({
  rater,
  mean,
  own,
  x,
  width,
  y,
  label,
  newGroup,
  opens,
}: {
  rater: AgreementRater;
  mean: Mean | null;
  own: readonly { readonly reading: AgreementReading; readonly value: number }[];
  x: number;
  width: number;
  y: (value: number) => number;
  label: (reading: AgreementReading, value: number) => string;
  newGroup: boolean;
  opens: boolean;
}) {
  const { colour, name } = groupOf(rater);
  const reach = Math.min(16, width / 3);
  return (
    <g>
      {newGroup && (
        <>
          <rect x={x - width / 2 + 4} y={3} width={8} height={8} rx={2} fill={colour} />
          <text x={x - width / 2 + 16} y={11} className={classes.group}>
            {name}
          </text>
        </>
      )}
      {newGroup && (
        <line x1={x - width / 2} x2={x - width / 2} y1={2} y2={HEIGHT - BOTTOM} className={classes.grid} />
      )}
      {own.map(({ reading, value }) => (
        <Point
          key={reading.segmentation}
          x={x + reach * (spread(reading.case) - 0.5) * 2}
          y={y(value)}
          colour={colour}
          label={label(reading, value)}
          to={opens ? `/cases/${reading.case}?segmentation=${reading.segmentation}` : null}
        />
      ))}
      {typeof mean?.mean === "number" && (
        <line x1={x - reach} x2={x + reach} y1={y(mean.mean)} y2={y(mean.mean)} className={classes.mean} />
      )}
      <text x={x} y={HEIGHT - BOTTOM + 15} textAnchor="middle">
        {shorten(rater.name, width)}
        <title>{rater.name}</title>
      </text>
      <text x={x} y={HEIGHT - BOTTOM + 31} textAnchor="middle" className={classes.faint}>
        n = {mean?.n ?? 0}
      </text>
    </g>
  );
}

/** Return a place from 0 to 1 that is always the same for a case and unlike its neighbours'. */
function spread(id: number): number {
  return (id * 0.618_034) % 1;
}

/** Return a name that fits into so many pixels. */
function shorten(name: string, width: number): string {
  const letters = Math.max(4, Math.floor(width / 6.6));
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}
