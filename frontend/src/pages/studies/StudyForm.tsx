/** What a study says of itself: the form of a new study and of a draft's settings. */
import {
  Alert,
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  Tabs,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import {
  type StudyDetail,
  type StudyFields,
  useLabelSchemes,
  useSecondSources,
  useStartRaters,
} from "@/api/studies";
import { Markdown } from "@/ui/Markdown";
import { wordsOf } from "@/ui/words";
import { RUBRICS } from "./words";

const LARGEST_SEED = 2_147_483_647;

/** Return the fields of a study that exists, or the start of a new one. */
export function fieldsOf(study: StudyDetail | null): StudyFields {
  return {
    name: study?.name ?? "",
    description: study?.description ?? "",
    scheme: study?.scheme ?? 0,
    protocol: study?.protocol ?? "",
    rubric: (study ? study.rubric_key : "tl5") as NonNullable<StudyFields["rubric"]>,
    blinded: study?.blinded ?? true,
    start_rater: study?.start_rater ?? null,
    second_rater: study?.second_rater ?? null,
    seed: study?.seed ?? 1,
    outlines_start: study?.outlines_start ?? false,
    outlines_previous: study?.outlines_previous ?? false,
    shows_probability: study?.shows_probability ?? false,
  };
}

/** Ask for a study's fields. With `locked` the scientific ones are shown and cannot be changed. */
export function StudyForm({
  start,
  locked = false,
  submit,
  saving,
  error,
  onSubmit,
  beside,
}: {
  start: StudyFields;
  locked?: boolean;
  submit: string;
  saving: boolean;
  error: unknown;
  onSubmit: (fields: StudyFields) => void;
  beside?: ReactNode;
}) {
  const [fields, setFields] = useState(start);
  const change = (part: Partial<StudyFields>) => setFields((before) => ({ ...before, ...part }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(fields);
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        {Boolean(error) && (
          <Alert color="red" variant="light" role="alert">
            {wordsOf(error)}
          </Alert>
        )}
        <TextInput
          label="Name"
          required
          maxLength={160}
          value={fields.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Description"
          description="For the members; raters see it too."
          autosize
          minRows={2}
          value={fields.description ?? ""}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <Design fields={fields} change={change} locked={locked} />
        <Protocol text={fields.protocol ?? ""} change={(protocol) => change({ protocol })} />
        <Group justify="space-between">
          {beside ?? <span />}
          <Button type="submit" loading={saving} disabled={!fields.name.trim() || !fields.scheme}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PartProps {
  readonly fields: StudyFields;
  readonly change: (part: Partial<StudyFields>) => void;
  readonly locked: boolean;
}

/** The fields that the raters' answers depend on. */
function Design({ fields, change, locked }: PartProps) {
  const { data: schemes } = useLabelSchemes();
  const { data: models } = useStartRaters();
  const { data: sources } = useSecondSources();
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label="Label scheme"
          description="What is drawn."
          required
          searchable
          disabled={locked}
          placeholder="Choose a scheme"
          data={(schemes ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={fields.scheme ? String(fields.scheme) : null}
          onChange={(value) => change({ scheme: Number(value) })}
        />
        <Select
          label="Start from"
          description="The mask that raters correct."
          disabled={locked}
          allowDeselect={false}
          data={[
            { value: "", label: "An empty mask" },
            ...(models ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          value={fields.start_rater ? String(fields.start_rater) : ""}
          onChange={(value) =>
            change(value ? { start_rater: Number(value) } : { start_rater: null, second_rater: null })
          }
        />
      </Group>
      {fields.start_rater !== null && (
        <Select
          label="And from"
          description="A second source of masks: each case is read twice, once from either, in a random order that nobody is told. For scores that compare two sources; its masks must be there before the study starts."
          disabled={locked}
          allowDeselect={false}
          data={[
            { value: "", label: "No second source" },
            ...(sources ?? [])
              .filter(({ id }) => id !== fields.start_rater)
              .map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          value={fields.second_rater ? String(fields.second_rater) : ""}
          onChange={(value) => change({ second_rater: value ? Number(value) : null })}
        />
      )}
      <Group grow align="flex-start">
        <Select
          label="Score"
          description="The questions about the mask as it was shown."
          disabled={locked}
          allowDeselect={false}
          data={RUBRICS.map(({ value, label }) => ({ value, label }))}
          value={fields.rubric ?? ""}
          onChange={(value) => change({ rubric: (value ?? "") as NonNullable<StudyFields["rubric"]> })}
        />
        <NumberInput
          label="Seed"
          description="Of each rater's random order of cases; stored, so that it can be repeated."
          disabled={locked}
          min={0}
          max={LARGEST_SEED}
          allowDecimal={false}
          value={fields.seed ?? 0}
          onChange={(value) => change({ seed: Number(value) || 0 })}
        />
      </Group>
      <Checkbox
        label="Blinded"
        description="No rater learns where a mask comes from, or sees another rater's mask or score."
        disabled={locked}
        checked={fields.blinded ?? true}
        onChange={(event) => change({ blinded: event.currentTarget.checked })}
      />
      <Guides fields={fields} change={change} locked={locked} />
    </>
  );
}

const GUIDES = [
  {
    field: "outlines_start",
    label: "Outline of the start mask",
    description: "Raters may compare their work with the mask they started from.",
  },
  {
    field: "outlines_previous",
    label: "Outline of the previous exam",
    description:
      "The rater's own mask of it, or the model's; never another rater's. Tells that there was an exam before.",
  },
  {
    field: "shows_probability",
    label: "The model's probability",
    description:
      "Tells raters that a model made the start mask: not for studies that are blind to the source.",
  },
] as const;

/** What raters may look at beside the mask that they draw. */
function Guides({ fields, change, locked }: PartProps) {
  return (
    <Checkbox.Group
      label="Raters may also see"
      description="Anything shown can influence what is drawn. All of it is off unless asked for."
      value={GUIDES.filter(({ field }) => fields[field]).map(({ field }) => field)}
      onChange={(chosen) =>
        change(Object.fromEntries(GUIDES.map(({ field }) => [field, chosen.includes(field)])))
      }
    >
      <Stack gap="xs" mt="xs">
        {GUIDES.map(({ field, label, description }) => (
          <Checkbox key={field} value={field} label={label} description={description} disabled={locked} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

/** The instructions, written and previewed. */
function Protocol({ text, change }: { text: string; change: (text: string) => void }) {
  return (
    <Tabs defaultValue="write" variant="outline" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="write">Protocol</Tabs.Tab>
        <Tabs.Tab value="preview">Preview</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="write" pt="xs">
        <Textarea
          aria-label="Protocol"
          description="What raters must know: what belongs to each label, what does not, in which order to look. Markdown."
          inputWrapperOrder={["input", "description"]}
          autosize
          minRows={8}
          maxRows={24}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      </Tabs.Panel>
      <Tabs.Panel value="preview" pt="xs" mih={200}>
        <Markdown>{text || "*Nothing is written yet.*"}</Markdown>
      </Tabs.Panel>
    </Tabs>
  );
}
