/** The scores that raters gave. */
import type { ReportResults } from "@/api/reports";
import { meanAndSpread, type Names, withBounds } from "../names";
import { SmallTable } from "./SmallTable";

/** Show the counts of each score, mean and median by rater. */
export function ScoreTable({ rows, names }: { rows: ReportResults["scores"]; names: Names }) {
  return (
    <SmallTable
      title="Scores of the mask as shown"
      head={["Rater", "Score: count", "Mean ± SD", "Median [IQR]", "n"]}
      rows={rows.map((row) => [
        names.rater(row.rater),
        Object.entries(row.counts)
          .map(([score, count]) => `${score}: ${count}`)
          .join(", "),
        meanAndSpread(row.mean, row.sd, 2),
        withBounds(row.median, row.q1, row.q3, 1),
        row.n,
      ])}
      empty="No scores were given."
    />
  );
}
