/** The models that segment cases: versions, cards, recipes and the hash of their weights. */
import { Anchor, Badge, Code, CopyButton, Group, Stack, Tabs, Text } from "@mantine/core";
import { IconCpu } from "@tabler/icons-react";
import { useSearchParams } from "react-router";
import { type ModelVersion, useModels } from "@/api/models";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { formatBytes } from "@/ui/format";
import { Markdown } from "@/ui/Markdown";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";

/** List the versions; the one looked at is in the address. */
export function Page() {
  const models = useModels();
  const [params, setParams] = useSearchParams();
  const chosen = models.data?.find(({ id }) => String(id) === params.get("model")) ?? models.data?.[0];
  const choose = (id: number) => setParams({ model: String(id) }, { replace: true });
  return (
    <Stack gap="md">
      <PageHeader
        title="Models"
        summary="Each version is a rater among the raters; its weights never change."
      />
      {models.error && !models.data ? (
        <ErrorState
          title="The models could not be read"
          error={models.error}
          onRetry={() => void models.refetch()}
        />
      ) : (
        <Panel title="Versions" flush>
          <DataTable
            rows={models.data}
            columns={columns(choose)}
            rowKey={({ id }) => id}
            name="models"
            empty={
              <EmptyState icon={<IconCpu size={40} stroke={1.2} />} title="No models">
                An administrator registers the shipped model, or one trained here, from the command line.
              </EmptyState>
            }
          />
        </Panel>
      )}
      {chosen && <Version model={chosen} />}
    </Stack>
  );
}

function columns(choose: (id: number) => void): readonly Column<ModelVersion>[] {
  return [
    {
      key: "name",
      title: "Model",
      value: ({ name, version }) => `${name} v${version}`,
      cell: ({ id, name, version, retired_at }) => (
        <Group gap="xs">
          <Anchor component="button" size="sm" fw={550} onClick={() => choose(id)}>
            {name} v{version}
          </Anchor>
          {retired_at && (
            <Badge size="xs" color="gray" variant="light" tt="none">
              retired
            </Badge>
          )}
        </Group>
      ),
    },
    { key: "scheme", title: "Labels", value: (row) => row.scheme_name, cell: (row) => row.scheme_name },
    {
      key: "predictions",
      title: "Cases segmented",
      numeric: true,
      value: ({ predictions }) => predictions,
      cell: ({ predictions }) => predictions,
    },
    {
      key: "size",
      title: "Weights",
      numeric: true,
      value: (row) => row.weights_bytes,
      cell: (row) => formatBytes(row.weights_bytes),
    },
    {
      key: "sha",
      title: "SHA-256",
      value: (row) => row.weights_sha256,
      cell: (row) => <Code>{row.weights_sha256.slice(0, 12)}</Code>,
    },
    {
      key: "created",
      title: "Registered",
      value: (row) => row.created_at,
      cell: (row) => <TimeAgo time={row.created_at} />,
    },
  ];
}

function Version({ model }: { model: ModelVersion }) {
  return (
    <Panel title={`${model.name} v${model.version}`}>
      <Tabs defaultValue="card">
        <Tabs.List mb="sm">
          <Tabs.Tab value="card">Card</Tabs.Tab>
          <Tabs.Tab value="recipe">Recipe</Tabs.Tab>
          <Tabs.Tab value="weights">Weights</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="card">
          {model.card ? <Markdown>{model.card}</Markdown> : <Text size="sm">This version has no card.</Text>}
        </Tabs.Panel>
        <Tabs.Panel value="recipe">
          <Code block>{JSON.stringify(model.recipe, null, 2)}</Code>
        </Tabs.Panel>
        <Tabs.Panel value="weights">
          <Group gap="xs">
            <Text size="sm">{formatBytes(model.weights_bytes)}, safetensors, SHA-256</Text>
            <Code>{model.weights_sha256}</Code>
            <CopyButton value={model.weights_sha256}>
              {({ copied, copy }) => (
                <Anchor component="button" size="xs" onClick={copy}>
                  {copied ? "Copied" : "Copy"}
                </Anchor>
              )}
            </CopyButton>
          </Group>
        </Tabs.Panel>
      </Tabs>
    </Panel>
  );
}
