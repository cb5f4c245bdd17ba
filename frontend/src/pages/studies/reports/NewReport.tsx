/** Ask for an agreement report. */
import { Alert, Button, Group, MultiSelect, Select, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type ReportParameters, useMakeReport } from "@/api/reports";
import { type StudyDetail, useLabelSchemes } from "@/api/studies";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";
import { regionsOf } from "./regions";

const TIES = [
  { value: "background", label: "Background" },
  { value: "foreground", label: "Foreground" },
];
const EMPTIES = [
  { value: "leave_out", label: "Left out, and counted" },
  { value: "one", label: "Counted as 1" },
];

/** Ask for title, regions and rules. */
export function NewReport({ study }: { study: StudyDetail }) {
  const { data: schemes } = useLabelSchemes();
  const make = useMakeReport(study.id);
  const [title, setTitle] = useState("");
  const [chosen, setChosen] = useState<ReportParameters>({
    regions: [],
    tie: "background",
    both_empty: "leave_out",
  });
  const change = (part: Partial<ReportParameters>) => setChosen((before) => ({ ...before, ...part }));
  const regions = regionsOf(schemes?.find(({ id }) => id === study.scheme)?.definition);
  const send = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ title: title.trim(), parameters: chosen }, { onSuccess: () => setTitle("") });
  };
  return (
    <Panel title="New report">
      <form onSubmit={send}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Title"
            size="xs"
            w={240}
            maxLength={160}
            placeholder="Agreement between raters, today"
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <MultiSelect
            label="Regions"
            size="xs"
            miw={220}
            maw={380}
            placeholder={chosen.regions.length === 0 ? "All of the scheme" : ""}
            data={regions.map(({ key, name }) => ({ value: key, label: name }))}
            value={[...chosen.regions]}
            onChange={(keys) => change({ regions: keys })}
            clearable
          />
          <Select
            label="A tie in the consensus is"
            size="xs"
            w={160}
            allowDeselect={false}
            data={TIES}
            value={chosen.tie}
            onChange={(tie) => change({ tie: tie as ReportParameters["tie"] })}
          />
          <Select
            label="Both masks empty"
            size="xs"
            w={180}
            allowDeselect={false}
            data={EMPTIES}
            value={chosen.both_empty}
            onChange={(policy) => change({ both_empty: policy as ReportParameters["both_empty"] })}
          />
          <Button type="submit" size="xs" loading={make.isPending}>
            Make the report
          </Button>
        </Group>
      </form>
      {make.error ? (
        <Alert color="red" variant="light" mt="sm" role="alert">
          {wordsOf(make.error)}
        </Alert>
      ) : (
        <Text size="xs" c="dimmed" mt="xs">
          Freezes the {study.submitted} readings that are handed in now. A worker computes it; you can leave
          this page.
        </Text>
      )}
    </Panel>
  );
}
