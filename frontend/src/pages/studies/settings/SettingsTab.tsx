/** What a study is, starting it and closing it. */
import { Button, Group, List, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { type StudyDetail, type StudyFields, useBoard, useChangeStudy, useStudyStep } from "@/api/studies";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";
import { fieldsOf, StudyForm } from "../StudyForm";

/** Let the lead change what may be changed in the study's state. */
export function SettingsTab({ study }: { study: StudyDetail }) {
  const change = useChangeStudy(study.id);
  const draft = study.state === "draft";
  const save = (fields: StudyFields) =>
    change.mutate(draft ? fields : amended(study, fields), {
      onSuccess: () => notifications.show({ message: "Saved." }),
    });
  return (
    <Stack maw={860}>
      <Panel title={draft ? "The study" : "The study, started: its design is locked"}>
        <StudyForm
          key={study.id}
          start={fieldsOf(study)}
          locked={!draft}
          submit={draft ? "Save the draft" : "Save"}
          saving={change.isPending}
          error={change.error}
          onSubmit={save}
        />
      </Panel>
      {draft && <Start study={study} />}
      {study.state === "running" && <Close study={study} />}
    </Stack>
  );
}

/** Return what may still be changed; the protocol only when it was, since that is a new version of it. */
function amended(study: StudyDetail, { name, description, protocol }: StudyFields): Partial<StudyFields> {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(protocol === undefined || protocol === study.protocol ? {} : { protocol }),
  };
}

function useStep(study: StudyDetail, done: string) {
  const step = useStudyStep(study.id);
  const take = (verb: "start" | "close") =>
    step.mutate(verb, {
      onSuccess: () => notifications.show({ message: done }),
      onError: (error) => notifications.show({ color: "red", message: wordsOf(error) }),
    });
  return { take, pending: step.isPending };
}

function Start({ study }: { study: StudyDetail }) {
  const { data: board } = useBoard(study.id);
  const { take, pending } = useStep(study, "The study has started.");
  const cases = board?.cases.length ?? 0;
  const raters = board?.raters.filter(({ ended }) => !ended).length ?? 0;
  const ready = cases > 0 && raters > 0;
  const ask = () =>
    modals.openConfirmModal({
      title: `Start “${study.name}”?`,
      size: "lg",
      children: (
        <Stack gap="xs">
          <Text size="sm">
            {formatCount(raters, "rater")} × {formatCount(cases, "case")}:{" "}
            {formatCount(raters * cases, "reading")} are handed out, to each rater in a random order of their
            own.
          </Text>
          <Text size="sm" fw={550}>
            Locked from then on:
          </Text>
          <List size="sm">
            <List.Item>label scheme, score, start mask, blinding and seed</List.Item>
            <List.Item>cases can be added, and none can be taken out</List.Item>
          </List>
          <Text size="sm">
            Name, description, protocol (as a new version) and members can still be changed.
          </Text>
        </Stack>
      ),
      labels: { confirm: "Start the study", cancel: "Not yet" },
      onConfirm: () => take("start"),
    });
  return (
    <Panel title="Start">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {ready
            ? `${formatCount(cases, "case")} and ${formatCount(raters, "rater")} are in. Save the draft before you start.`
            : "Add at least one case and one rater first."}
        </Text>
        <Button onClick={ask} disabled={!ready} loading={pending}>
          Start the study
        </Button>
      </Group>
    </Panel>
  );
}

function Close({ study }: { study: StudyDetail }) {
  const { take, pending } = useStep(study, "The study is closed.");
  const ask = () =>
    modals.openConfirmModal({
      title: `Close “${study.name}”?`,
      children: (
        <Text size="sm">
          {formatCount(study.total - study.submitted, "reading")} not handed in stay as they are, and no rater
          can go on. Reports and exports stay possible. A closed study cannot be opened again.
        </Text>
      ),
      labels: { confirm: "Close the study", cancel: "Cancel" },
      confirmProps: { color: "red" },
      onConfirm: () => take("close"),
    });
  return (
    <Panel title="Close">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Ends the readings; everything stays readable.
        </Text>
        <Button variant="light" color="red" onClick={ask} loading={pending}>
          Close the study
        </Button>
      </Group>
    </Panel>
  );
}
