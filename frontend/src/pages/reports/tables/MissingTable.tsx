/** What was asked for and not handed in. */
import type { ReportResults } from "@/api/reports";
import type { Names } from "../names";
import { SmallTable } from "./SmallTable";

/** Show the missing readings, gathered by case. */
export function MissingTable({ rows, names }: { rows: ReportResults["missing"]; names: Names }) {
  const cases = [...new Set(rows.map((row) => row.case))];
  return (
    <SmallTable
      title={`Missing readings (${rows.length})`}
      head={["Case", "Not handed in by"]}
      rows={cases.map((id) => [
        names.case(id),
        rows
          .filter((row) => row.case === id)
          .map(({ rater }) => names.rater(rater))
          .join(", "),
      ])}
      empty="Every reading that was asked for is in."
    />
  );
}
