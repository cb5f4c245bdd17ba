/** Begin an import: where it goes, how masks are read, and the files. */
import { Alert, Anchor, Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { type ImportSummary, startImport, useCentres, useImports, useLabelSchemes } from "@/api/imports";
import { useSession } from "@/app/session";
import { ErrorState } from "@/ui/ErrorState";
import { formatCount } from "@/ui/format";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import { wordsOf } from "@/ui/words";
import { keepFiles } from "./chosen";
import { DropZone } from "./DropZone";
import type { ChosenFile } from "./uploader";

/** Choose centre, scheme and files; the import then has an address of its own. */
export function Page() {
  const { person } = useSession();
  const navigate = useNavigate();
  const centres = useCentres();
  const schemes = useLabelSchemes();
  const [chosenCentre, setCentre] = useState<string | null>(null);
  const [scheme, setScheme] = useState<string | null>(null);
  const only = centres.data?.length === 1 ? centres.data[0]?.code : undefined;
  const centre = chosenCentre ?? person?.centre?.code ?? only ?? null;
  const start = useMutation({
    mutationFn: async (files: readonly ChosenFile[]) => {
      const delivery = await startImport({ centre, scheme, synthetic: false });
      keepFiles(delivery.id, files);
      return delivery.id;
    },
    onSuccess: (id) => navigate(`/import/${id}`),
  });
  return (
    <Stack gap="md" maw={960}>
      <PageHeader title="Import cases" />
      {(centres.error ?? schemes.error) && (
        <ErrorState
          title="Centres and label schemes could not be read"
          error={centres.error ?? schemes.error}
          onRetry={() => void Promise.all([centres.refetch(), schemes.refetch()])}
        />
      )}
      <Group grow align="flex-start">
        <Select
          label="Centre"
          description="Where the images come from"
          data={(centres.data ?? []).map(({ code, name }) => ({ value: code, label: name }))}
          value={centre}
          onChange={setCentre}
          searchable
          nothingFoundMessage="No such centre"
        />
        <Select
          label="Label scheme of the masks"
          description="Can be chosen later; not needed without masks"
          placeholder="Choose in the preview"
          clearable
          data={(schemes.data ?? []).map(({ key, name }) => ({ value: key, label: name }))}
          value={scheme}
          onChange={setScheme}
        />
      </Group>
      {centres.isSuccess && centres.data.length === 0 && (
        <Alert color="yellow" variant="light" title="There is no centre yet">
          Every case belongs to a centre. A site administrator makes one under Administration.
        </Alert>
      )}
      <DropZone
        title="Drop files or folders here"
        disabled={centre === null || start.isPending}
        onFiles={(files) => start.mutate(files)}
      />
      {start.error && (
        <Alert color="red" variant="light" role="alert">
          {wordsOf(start.error)}
        </Alert>
      )}
      <Earlier />
    </Stack>
  );
}

const STATES: Readonly<Record<string, string>> = {
  uploading: "files are missing",
  parsing: "being read",
  preview: "waits for you to confirm",
  storing: "being stored",
  done: "stored",
  failed: "could not be read",
  discarded: "discarded",
};

function Earlier() {
  const imports = useImports();
  if (imports.isPending) return <Skeleton height={80} radius="md" />;
  const shown = (imports.data ?? []).filter(({ state }) => state !== "discarded").slice(0, 8);
  if (shown.length === 0) return null;
  return (
    <Panel title="My imports">
      <Stack gap={6}>
        {shown.map((delivery) => (
          <Group key={delivery.id} justify="space-between" wrap="nowrap">
            <Anchor component={Link} to={`/import/${delivery.id}`} size="sm">
              {headline(delivery)}
            </Anchor>
            <Text size="xs" c="dimmed">
              <TimeAgo time={delivery.created_at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function headline({ centre, state, cases }: ImportSummary): string {
  const what = state === "done" ? `${formatCount(cases.length, "case")} stored` : STATES[state ?? ""];
  return `${centre}: ${what}`;
}
