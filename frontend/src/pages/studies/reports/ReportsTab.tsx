/** A study's reports, and asking for one. */
import { Anchor, Button, Stack } from "@mantine/core";
import { IconPlus, IconReport } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { type Report, useReports } from "@/api/reports";
import { leads, type Study, type StudyDetail } from "@/api/studies";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { ProgressLine } from "@/ui/JobProgress";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { Blind } from "../Blind";
import { NewReport } from "./NewReport";

const COLUMNS: readonly Column<Report>[] = [
  {
    key: "title",
    title: "Report",
    value: (row) => row.title,
    cell: (row) => (
      <Anchor component={Link} to={`/reports/${row.id}`} size="sm" fw={550}>
        {row.title}
      </Anchor>
    ),
  },
  { key: "kind", title: "Kind", value: (row) => row.kind_name, cell: (row) => row.kind_name },
  { key: "by", title: "By", value: (row) => row.created_by, cell: (row) => row.created_by },
  {
    key: "created",
    title: "Readings frozen",
    value: (row) => row.created_at,
    cell: (row) => <TimeAgo time={row.created_at} />,
    width: 140,
  },
  {
    key: "state",
    title: "State",
    value: (row) => (row.finished_at ? "done" : row.job?.status),
    cell: (row) => (row.finished_at ? "Done" : row.job && <ProgressLine job={row.job} />),
    width: 320,
  },
  {
    key: "pdf",
    title: "",
    width: 70,
    cell: (row) =>
      row.finished_at && (
        <Button
          component="a"
          href={`/api/v1/reports/${row.id}/files/report.pdf/`}
          download
          size="compact-xs"
          variant="light"
        >
          PDF
        </Button>
      ),
  },
];

/** List the reports; a lead can make one. */
export function ReportsTab({ study }: { study: Study | StudyDetail }) {
  return study.sees_results ? <ReportList study={study} /> : <Blind />;
}

function ReportList({ study }: { study: Study | StudyDetail }) {
  const { data, error, refetch } = useReports(study.id);
  const [making, setMaking] = useState(false);
  if (error)
    return <ErrorState title="The reports could not be read" error={error} onRetry={() => void refetch()} />;
  return (
    <Stack>
      {leads(study) && <NewReport study={study} opened={making} onClose={() => setMaking(false)} />}
      <Panel
        title="Reports"
        flush
        actions={
          leads(study) && (
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
              Make a report
            </Button>
          )
        }
      >
        <DataTable
          rows={data}
          columns={COLUMNS}
          rowKey={(row) => row.id}
          name={`study-${study.id}-reports`}
          empty={
            <EmptyState icon={<IconReport size={32} />} title="No report was made yet">
              A report freezes what is handed in, and computes its tables and figures from that. Computing
              again makes a new report; none is ever changed.
            </EmptyState>
          }
        />
      </Panel>
    </Stack>
  );
}
