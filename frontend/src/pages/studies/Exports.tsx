/** Masks and scores of a study as a zip. */
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconDownload, IconPackageExport } from "@tabler/icons-react";
import { useState } from "react";
import { type Study, type StudyExport, useExports, useMakeExport } from "@/api/studies";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { formatBytes } from "@/ui/format";
import { ProgressLine } from "@/ui/JobProgress";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { Blind } from "./Blind";

const FORMATS = [
  { value: ".nii.gz", label: "NIfTI (.nii.gz)" },
  { value: ".nrrd", label: "NRRD (.nrrd)" },
  { value: ".mha", label: "MetaImage (.mha)" },
];

const COLUMNS: readonly Column<StudyExport>[] = [
  {
    key: "created",
    title: "Asked for",
    value: (row) => row.created_at,
    cell: (row) => <TimeAgo time={row.created_at} />,
    width: 140,
  },
  { key: "suffix", title: "Masks as", value: (row) => row.suffix, cell: (row) => row.suffix, width: 100 },
  {
    key: "state",
    title: "State",
    value: (row) => row.status,
    cell: (row) => (row.download ? "Done" : <ProgressLine job={row} />),
  },
  {
    key: "size",
    title: "Size",
    numeric: true,
    value: (row) => row.size,
    cell: (row) => (row.size ? formatBytes(row.size) : "–"),
    width: 90,
  },
  {
    key: "download",
    title: "",
    cell: (row) =>
      row.download && (
        <Button
          component="a"
          href={row.download}
          download
          size="compact-sm"
          variant="light"
          leftSection={<IconDownload size={14} />}
        >
          Download
        </Button>
      ),
    width: 130,
  },
];

/** List the exports and ask for another one. */
export function Exports({ study }: { study: Study }) {
  if (!study.sees_results) return <Blind />;
  return <ExportList study={study} />;
}

function ExportList({ study }: { study: Study }) {
  const { data, error, refetch } = useExports(study.id);
  if (error)
    return <ErrorState title="The exports could not be read" error={error} onRetry={() => void refetch()} />;
  return (
    <Stack>
      <NewExport study={study} />
      <Panel title="Exports" flush>
        <DataTable
          rows={data}
          columns={COLUMNS}
          rowKey={(row) => row.id}
          name={`study-${study.id}-exports`}
          empty={
            <EmptyState icon={<IconPackageExport size={32} />} title="No export was made yet">
              An export holds every submitted mask on the grid of its original image, the scores with all
              answers, and what the label values mean.
            </EmptyState>
          }
        />
      </Panel>
    </Stack>
  );
}

function NewExport({ study }: { study: Study }) {
  const [suffix, setSuffix] = useState(".nii.gz");
  const make = useMakeExport(study.id);
  return (
    <Panel title="New export">
      <Group align="flex-end">
        <Select
          label="Masks as"
          size="xs"
          w={200}
          allowDeselect={false}
          data={FORMATS}
          value={suffix}
          onChange={(value) => setSuffix(value ?? ".nii.gz")}
        />
        <Button
          size="xs"
          loading={make.isPending}
          disabled={study.submitted === 0}
          onClick={() => make.mutate(suffix)}
        >
          Export masks and scores
        </Button>
        <Text size="xs" c="dimmed">
          {study.submitted === 0
            ? "Nothing has been handed in yet."
            : `${study.submitted} readings that are handed in now.`}
        </Text>
      </Group>
      {make.error && <ErrorState title="The export was not started" error={make.error} />}
    </Panel>
  );
}
