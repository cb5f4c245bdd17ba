/** Whether a model lies inside the experts' range. */
import type { ReportResults } from "@/api/reports";
import { figure, type Names } from "../names";
import { SmallTable } from "./SmallTable";

type Row = ReportResults["expert_range"][number];

/** Show the verdict for each model and region with the difference that it rests on. */
export function RangeTable({ rows, names }: { rows: readonly Row[]; names: Names }) {
  return (
    <SmallTable
      title="Models and the experts' range"
      head={["Region", "Model", "Verdict", "n"]}
      rows={rows.map((row) => [
        names.region(row.region),
        names.rater(row.model),
        verdict(row),
        `${row.n_cases} cases`,
      ])}
      empty="No model is part of this report."
    />
  );
}

function verdict(row: Row): string {
  if (row.inside === null) return row.note;
  const where = row.inside ? "Inside" : "Below";
  const difference = `${figure(row.difference)} [${figure(row.low)}, ${figure(row.high)}]`;
  return `${where}: ${difference} to ${row.lowest_expert}, the lowest of ${row.experts} experts`;
}
