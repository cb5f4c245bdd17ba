/** The centres that cases and people belong to. */
import { Alert, Button, Code, Group, Modal, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useSaveCentre } from "@/api/admin";
import { type Centre, useCentres } from "@/api/imports";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";

/** List the centres; make one, change one. */
export function Centres() {
  const centres = useCentres();
  const [edited, setEdited] = useState<Centre | "new" | null>(null);
  const columns: readonly Column<Centre>[] = [
    { key: "name", title: "Name", value: ({ name }) => name, cell: ({ name }) => name },
    { key: "code", title: "Code", value: ({ code }) => code, cell: ({ code }) => <Code>{code}</Code> },
    {
      key: "actions",
      title: "",
      width: 90,
      cell: (centre) => (
        <Button size="compact-xs" variant="subtle" onClick={() => setEdited(centre)}>
          Change
        </Button>
      ),
    },
  ];
  return (
    <Panel
      title="Centres"
      flush
      actions={
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited("new")}>
          New centre
        </Button>
      }
    >
      {centres.error && <ErrorState title="The centres could not be read" error={centres.error} />}
      <DataTable
        rows={centres.data}
        columns={columns}
        rowKey={({ id }) => id}
        name="centres"
        empty={<EmptyState title="No centres">Make the first: every case belongs to one.</EmptyState>}
      />
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === "new" ? "New centre" : "Change the centre"}
      >
        {edited && <Form centre={edited === "new" ? null : edited} onDone={() => setEdited(null)} />}
      </Modal>
    </Panel>
  );
}

function Form({ centre, onDone }: { centre: Centre | null; onDone: () => void }) {
  const save = useSaveCentre();
  const [name, setName] = useState(centre?.name ?? "");
  const [code, setCode] = useState(centre?.code ?? "");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ id: centre?.id ?? null, name: name.trim(), code: code.trim() }, { onSuccess: onDone });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Code"
          description="Short, without spaces; used at the command line and in exports."
          required
          withAsterisk={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {save.error && (
          <Alert color="red" variant="light" role="alert" p="xs">
            {wordsOf(save.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
