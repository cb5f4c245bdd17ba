/** Give a person a role in the study, by e-mail address. */
import { Button, Group, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { type MemberFields, type StudyDetail, useAddMember } from "@/api/studies";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";

const ROLES = [
  { value: "rater", label: "Rater" },
  { value: "adjudicator", label: "Adjudicator" },
  { value: "observer", label: "Observer" },
  { value: "lead", label: "Lead" },
];
const EXPERTISE = [
  { value: "", label: "As in their account" },
  { value: "expert", label: "Expert" },
  { value: "novice", label: "Novice" },
];
const MOST_YEARS = 80;
const EMPTY: MemberFields = { email: "", name: "", role: "rater", expertise: "", years: null };

/** Ask who and as what. `onInvited` gets the link of somebody who has no account yet. */
export function AddMember({
  study,
  onInvited,
}: {
  study: StudyDetail;
  onInvited: (email: string, link: string) => void;
}) {
  const [fields, setFields] = useState(EMPTY);
  const add = useAddMember(study.id);
  const change = (part: Partial<MemberFields>) => setFields((before) => ({ ...before, ...part }));
  const reads = fields.role === "rater";
  const send = (event: FormEvent) => {
    event.preventDefault();
    const { expertise, years, ...rest } = fields;
    add.mutate(reads ? fields : { ...rest, expertise: "", years: null }, {
      onSuccess: (answer) => {
        setFields(EMPTY);
        if (answer?.invitation_link) onInvited(fields.email, answer.invitation_link);
        else notifications.show({ message: `${fields.email} takes part now.` });
      },
    });
  };
  return (
    <Panel title="Add a member">
      <form onSubmit={send}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label="E-mail"
            type="email"
            required
            size="xs"
            w={230}
            value={fields.email}
            onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <TextInput
            label="Name, if new here"
            size="xs"
            w={180}
            value={fields.name ?? ""}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Select
            label="Role"
            size="xs"
            w={130}
            allowDeselect={false}
            data={ROLES}
            value={fields.role}
            onChange={(role) => change({ role: role as MemberFields["role"] })}
          />
          {reads && (
            <>
              <Select
                label="Expertise"
                size="xs"
                w={170}
                allowDeselect={false}
                data={EXPERTISE}
                value={fields.expertise ?? ""}
                onChange={(value) => change({ expertise: value as NonNullable<MemberFields["expertise"]> })}
              />
              <NumberInput
                label="Years"
                size="xs"
                w={80}
                min={0}
                max={MOST_YEARS}
                allowDecimal={false}
                value={fields.years ?? ""}
                onChange={(value) => change({ years: value === "" ? null : Number(value) })}
              />
            </>
          )}
          <Button type="submit" size="xs" loading={add.isPending}>
            Add
          </Button>
        </Group>
        <Text size="xs" c={add.error ? "red" : "dimmed"} mt="xs" role={add.error ? "alert" : undefined}>
          {add.error
            ? wordsOf(add.error)
            : "Expertise and years are written down as they are today: reports group by them. Say them for people who are new."}
        </Text>
      </form>
    </Panel>
  );
}
