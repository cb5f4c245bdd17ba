/** Make a report: choose its kind and what the kind leaves to choose. */
import {
  Alert,
  Button,
  Group,
  Modal,
  Radio,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Chosen, type ReportKind, useMakeReport, useReportKinds } from "@/api/reports";
import type { StudyDetail } from "@/api/studies";
import { ErrorState } from "@/ui/ErrorState";
import { wordsOf } from "@/ui/words";
import { ParameterField } from "./ParameterField";

/** Ask what to report on; the form of a kind comes from the server. */
export function NewReport({
  study,
  opened,
  onClose,
}: {
  study: StudyDetail;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Modal opened={opened} onClose={onClose} title="Make a report" size="xl">
      <Choice study={study} onClose={onClose} />
    </Modal>
  );
}

function Choice({ study, onClose }: { study: StudyDetail; onClose: () => void }) {
  const { data: kinds, error, refetch } = useReportKinds(study.id);
  const [wanted, setWanted] = useState<string>();
  if (error)
    return (
      <ErrorState
        title="The kinds of report could not be read"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  if (!kinds) return <Skeleton height={320} aria-label="Loading the kinds of report" />;
  const kind = kinds.find(({ key, missing }) => (wanted ? key === wanted : !missing));
  return (
    <Stack gap="md">
      <Radio.Group label="Kind" value={kind?.key ?? null} onChange={setWanted}>
        <Stack gap={8} mt={6}>
          {kinds.map(({ key, title, description, missing }) => (
            <Radio
              key={key}
              value={key}
              size="sm"
              disabled={missing !== ""}
              label={title}
              description={missing || description}
            />
          ))}
        </Stack>
      </Radio.Group>
      {kind ? (
        <Form key={kind.key} study={study} kind={kind} onClose={onClose} />
      ) : (
        <Text size="sm" c="dimmed">
          No report can be made yet: each kind says above what it still needs.
        </Text>
      )}
    </Stack>
  );
}

function Form({ study, kind, onClose }: { study: StudyDetail; kind: ReportKind; onClose: () => void }) {
  const make = useMakeReport(study.id);
  const [title, setTitle] = useState("");
  const [chosen, setChosen] = useState<Chosen>(() =>
    Object.fromEntries(kind.parameters.map(({ name, default: value }) => [name, value])),
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ kind: kind.key, title: title.trim(), parameters: chosen }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Title"
          size="xs"
          maxLength={160}
          placeholder={`${kind.title}, today`}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
          {kind.parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              value={chosen[parameter.name]}
              onChange={(value) => setChosen((before) => ({ ...before, [parameter.name]: value }))}
            />
          ))}
        </SimpleGrid>
        {make.error && (
          <Alert color="red" variant="light" role="alert">
            {wordsOf(make.error)}
          </Alert>
        )}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            Freezes what is there now. A worker computes it; you can leave this page.
          </Text>
          <Button type="submit" size="xs" loading={make.isPending}>
            Make the report
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
