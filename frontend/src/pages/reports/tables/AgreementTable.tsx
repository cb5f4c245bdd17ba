/** Each rater against the consensus. */
import { SegmentedControl } from "@mantine/core";
import { useSearchParams } from "react-router";
import type { SummaryRow } from "@/api/reports";
import { type Column, DataTable } from "@/ui/DataTable";
import { Panel } from "@/ui/Panel";
import { figure, meanAndSpread, type Names, withBounds } from "../names";

const AGAINST = [
  { value: "others", label: "Consensus of the others" },
  { value: "consensus", label: "Consensus of all" },
];

/** Show mean, median, n and n undefined; which consensus is in the address. */
export function AgreementTable({ rows, names }: { rows: readonly SummaryRow[]; names: Names }) {
  const [params, setParams] = useSearchParams();
  const against = params.get("against") === "consensus" ? "consensus" : "others";
  const choose = (value: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set("against", value);
        return after;
      },
      { replace: true },
    );
  return (
    <Panel title="Agreement of each rater" flush>
      <DataTable
        rows={rows.filter((row) => row.against === against)}
        columns={columnsOf(names)}
        rowKey={(row) => `${row.region}/${row.rater}/${row.metric}`}
        name={`agreement-${against}`}
        prefix="agreement"
        toolbar={<SegmentedControl size="xs" data={AGAINST} value={against} onChange={choose} />}
        empty={null}
      />
    </Panel>
  );
}

function columnsOf(names: Names): readonly Column<SummaryRow>[] {
  return [
    {
      key: "region",
      title: "Region",
      value: (row) => names.region(row.region),
      cell: (row) => names.region(row.region),
    },
    {
      key: "rater",
      title: "Rater",
      value: (row) => names.rater(row.rater),
      cell: (row) => names.rater(row.rater),
    },
    {
      key: "group",
      title: "Group",
      value: (row) => names.group(row.rater),
      cell: (row) => names.group(row.rater),
    },
    {
      key: "metric",
      title: "Metric",
      value: (row) => row.metric,
      cell: (row) => (row.metric === "dice" ? "Dice" : "Jaccard"),
    },
    {
      key: "mean",
      title: "Mean ± SD",
      numeric: true,
      value: (row) => row.mean,
      cell: (row) => meanAndSpread(row.mean, row.sd),
    },
    {
      key: "interval",
      title: "95 % CI of the mean",
      numeric: true,
      value: (row) => row.low,
      cell: (row) => (row.low === null ? "–" : `[${figure(row.low)}, ${figure(row.high)}]`),
    },
    {
      key: "median",
      title: "Median [IQR]",
      numeric: true,
      value: (row) => row.median,
      cell: (row) => withBounds(row.median, row.q1, row.q3),
    },
    { key: "n", title: "n", numeric: true, value: (row) => row.n, cell: (row) => row.n },
    {
      key: "undefined",
      title: "Undefined",
      numeric: true,
      value: (row) => row.n_undefined,
      cell: (row) => row.n_undefined,
    },
  ];
}
