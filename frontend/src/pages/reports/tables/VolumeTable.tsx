/** Agreement of volumes. */
import type { ReportResults } from "@/api/reports";
import { type Names, withBounds } from "../names";
import { SmallTable } from "./SmallTable";

/** Show the intraclass correlations with their intervals, or why there is none. */
export function VolumeTable({ rows, names }: { rows: ReportResults["volumes"]; names: Names }) {
  return (
    <SmallTable
      title="Volumes: intraclass correlation"
      head={["Region", "Form", "ICC [95 % CI]", "n"]}
      rows={rows.map((row) => [
        names.region(row.region),
        row.form ? `ICC(${row.form})` : "ICC",
        row.form ? withBounds(row.value, row.low, row.high) : row.note,
        `${row.n_cases} cases, ${row.n_raters} raters`,
      ])}
      empty="No volumes were compared."
    />
  );
}
