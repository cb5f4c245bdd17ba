/** Invite somebody: the link is shown once, to be sent by whatever way one trusts. */
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useInvite } from "@/api/admin";
import { useCentres } from "@/api/imports";
import { ShownOnce } from "@/ui/ShownOnce";
import { wordsOf } from "@/ui/words";

/** Ask whom to invite, then show the link. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const invite = useInvite();
  const close = () => {
    invite.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Invite somebody" size="lg">
      {invite.data ? (
        <Stack gap="sm">
          {invite.data.link ? (
            <ShownOnce title={`Send this link to ${invite.data.email}`} secret={invite.data.link}>
              It is not shown again. Whoever holds it can set the password of this account.
            </ShownOnce>
          ) : (
            <Text size="sm">
              {invite.data.email} has an account already, or an open invitation of somebody else.
            </Text>
          )}
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <Form invite={invite} onCancel={close} />
      )}
    </Modal>
  );
}

function Form({ invite, onCancel }: { invite: ReturnType<typeof useInvite>; onCancel: () => void }) {
  const centres = useCentres();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [centre, setCentre] = useState<string | null>(null);
  const [expertise, setExpertise] = useState<"" | "novice" | "expert">("");
  const [years, setYears] = useState<number | null>(null);
  const [mayLead, setMayLead] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate({
          email: email.trim(),
          name: name.trim(),
          centre: centre ? Number(centre) : null,
          expertise,
          years,
          may_lead: mayLead,
        });
      }}
    >
      <Stack gap="sm">
        <Group grow>
          <TextInput
            label="E-mail"
            type="email"
            required
            withAsterisk={false}
            data-autofocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        </Group>
        <Group grow align="flex-end">
          <Select
            label="Centre"
            clearable
            data={(centres.data ?? []).map((row) => ({ value: String(row.id), label: row.name }))}
            value={centre}
            onChange={setCentre}
          />
          <NativeSelect
            label="Expertise as a rater"
            data={[
              { value: "", label: "Not a rater" },
              { value: "novice", label: "Novice" },
              { value: "expert", label: "Expert" },
            ]}
            value={expertise}
            onChange={(event) => setExpertise(event.currentTarget.value as typeof expertise)}
          />
          <NumberInput
            label="Years of experience"
            min={0}
            max={80}
            allowDecimal={false}
            value={years ?? ""}
            onChange={(value) => setYears(value === "" ? null : Number(value))}
          />
        </Group>
        <Checkbox
          label="May import cases and lead studies"
          checked={mayLead}
          onChange={(event) => setMayLead(event.currentTarget.checked)}
        />
        {invite.error && (
          <Alert color="red" variant="light" role="alert" p="xs">
            {wordsOf(invite.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={invite.isPending}>
            Make the link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
