/** Every pair of raters as a square of colour with its mean over cases. */
import { NativeSelect, Table, Text, Tooltip } from "@mantine/core";
import { useState } from "react";
import type { Mean, Metric, StudyAgreement } from "@/api/agreement";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import classes from "./agreement.module.css";
import { groupOf, METRICS, type MetricLook, show } from "./metrics";

/** Show the matrix of one measure, to be chosen. */
export function HeatMap({ agreement }: { agreement: StudyAgreement }) {
  const [metric, setMetric] = useState<Metric>("dice");
  const look = METRICS[metric];
  const { raters, pairs } = agreement;
  const means = new Map(pairs.map((pair) => [`${pair.first}:${pair.second}`, pair[metric]]));
  const worst = Math.max(1, ...pairs.map((pair) => pair[metric].mean ?? 0));
  const meanOf = (one: number, other: number) => means.get(`${one}:${other}`) ?? means.get(`${other}:${one}`);
  return (
    <Panel
      title="Pairs of raters"
      actions={
        <NativeSelect
          size="xs"
          aria-label="Measure of the pairs"
          data={Object.entries(METRICS).map(([value, { name, unit }]) => ({
            value,
            label:
              value === "surface_dice"
                ? `${name} at ${agreement.tolerance_mm} mm`
                : unit
                  ? `${name} (${unit})`
                  : name,
          }))}
          value={metric}
          onChange={(event) => setMetric(event.currentTarget.value as Metric)}
        />
      }
    >
      <div className={classes.scroll}>
        <Table
          className={classes.heat ?? ""}
          data-few={raters.length <= 6}
          withRowBorders={false}
          aria-label={`Mean ${look.name} of every pair of raters`}
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {raters.map((rater) => (
                <Table.Th key={rater.id} scope="col" className={classes.column}>
                  <span title={rater.name}>{rater.name}</span>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {raters.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Th scope="row" className={classes.name}>
                  <span className={classes.dot} style={{ background: groupOf(row).colour }} />
                  <span title={row.name}>{row.name}</span>
                </Table.Th>
                {raters.map((column) => (
                  <Square
                    key={column.id}
                    names={[row.name, column.name]}
                    mean={row.id === column.id ? undefined : meanOf(row.id, column.id)}
                    look={look}
                    worst={worst}
                  />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Text size="xs" c="dimmed" mt="xs">
        Means over the cases that both read. Two empty masks have no figure, one empty mask has no distance:
        point at a square for what it counts.
      </Text>
    </Panel>
  );
}

function Square({
  names: [row, column],
  mean,
  look,
  worst,
}: {
  names: readonly [string, string];
  mean: Mean | undefined;
  look: MetricLook;
  worst: number;
}) {
  if (!mean) return <Table.Td className={classes.own} aria-label="the same rater" />;
  const said = [
    `${row} and ${column}: ${look.name} ${show(mean.mean, look)}`,
    `n = ${formatCount(mean.n, "case")}`,
    mean.n_infinite > 0 && `${mean.n_infinite} without a distance (one mask empty)`,
    mean.n_undefined > 0 && `${mean.n_undefined} undefined (both masks empty)`,
  ].filter(Boolean);
  const share = mean.mean === null ? null : look.highIsGood ? mean.mean : 1 - mean.mean / worst;
  return (
    <Table.Td className={classes.square}>
      <Tooltip label={said.join(" · ")} openDelay={200}>
        <div
          className={classes.fill}
          style={share === null ? {} : { background: shade(share), color: share > 0.72 ? "#fff" : "#000" }}
        >
          {mean.mean === null ? "–" : mean.mean.toFixed(look.digits)}
        </div>
      </Tooltip>
    </Table.Td>
  );
}

/** Return a blue from pale (0) to deep (1); the same on light and dark pages. */
function shade(share: number): string {
  const part = Math.min(1, Math.max(0, share));
  const mix = (low: number, high: number) => Math.round(low + (high - low) * part);
  return `rgb(${mix(237, 8)} ${mix(244, 72)} ${mix(250, 132)})`;
}
