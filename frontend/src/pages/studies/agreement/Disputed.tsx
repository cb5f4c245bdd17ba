/** How much of each case people disagree about: what anybody marked, and what not everybody did. */
import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { StudyAgreement } from "@/api/agreement";
import { type Column, DataTable } from "@/ui/DataTable";
import { formatMl } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import classes from "./agreement.module.css";
import { caseName } from "./metrics";

type Row = StudyAgreement["disagreement"][number];

/** Show the disputed volume of every case, and the mean entropy of the votes over the union. */
export function Disputed({ agreement, opens }: { agreement: StudyAgreement; opens: boolean }) {
  const shareOf = ({ union_ml: all, disputed_ml: disputed }: Row) => (all > 0 ? disputed / all : null);
  const columns: readonly Column<Row>[] = [
    {
      key: "case",
      title: "Case",
      value: (row) => caseName(agreement, row.case),
      cell: (row) =>
        opens ? (
          <Anchor component={Link} to={`/cases/${row.case}?map=1`} size="sm" className={classes.nowrap ?? ""}>
            {caseName(agreement, row.case)}
          </Anchor>
        ) : (
          caseName(agreement, row.case)
        ),
    },
    {
      key: "union",
      title: "Union",
      numeric: true,
      value: (row) => row.union_ml,
      cell: (row) => formatMl(row.union_ml),
    },
    {
      key: "disputed",
      title: "Disputed",
      numeric: true,
      value: (row) => row.disputed_ml,
      cell: (row) => formatMl(row.disputed_ml),
    },
    {
      key: "share",
      title: "Share",
      numeric: true,
      value: shareOf,
      cell: (row) => {
        const share = shareOf(row);
        return share === null ? "–" : `${(100 * share).toFixed(0)} %`;
      },
    },
    {
      key: "entropy",
      title: "Mean bits",
      numeric: true,
      value: (row) => row.mean_bits,
      cell: (row) => row.mean_bits?.toFixed(2) ?? "–",
    },
  ];
  return (
    <Panel title="Where people disagree" flush>
      <DataTable
        rows={agreement.disagreement}
        columns={columns}
        rowKey={(row) => row.case}
        name="disagreement"
        prefix="disputed"
        pageSize={8}
        empty="Two people must have read a case."
      />
    </Panel>
  );
}
