/** Who corrected what: the segmentations of a case as a tree, with volumes and downloads. */
import { ActionIcon, Badge, Group, Menu, Table, Text, Tooltip } from "@mantine/core";
import { IconCornerDownRight, IconDownload, IconEye, IconEyeOff } from "@tabler/icons-react";
import { type CaseDetail, downloadUrl, type Segmentation } from "@/api/cases";
import { useLabelSchemes } from "@/api/imports";
import type { LabelScheme } from "@/api/labelSchemes";
import { EmptyState } from "@/ui/EmptyState";
import { formatMl } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { TimeAgo } from "@/ui/TimeAgo";
import classes from "./CaseViewer.module.css";
import { readScheme } from "./schemes";
import { branches } from "./tree";

const SUFFIXES = [".nii.gz", ".nrrd", ".mha"] as const;
const MADE_BY: Readonly<Record<string, string>> = {
  import: "imported",
  model: "model",
  submission: "reading",
  consensus: "consensus",
};

/** Show the tree; the eye shows one in the viewer above. */
export function SegmentationTree({
  detail,
  chosen,
  onChoose,
}: {
  detail: CaseDetail;
  chosen: number | null;
  onChoose: (id: number | null) => void;
}) {
  const schemes = useLabelSchemes();
  const rows = branches(detail.segmentations);
  return (
    <Panel title={`Segmentations (${rows.length})`} flush>
      {rows.length === 0 ? (
        <EmptyState title="No segmentation that you may see">
          Imported masks, models' masks and submitted readings appear here. A blinded study shows its readings
          when it is closed.
        </EmptyState>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={5} horizontalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>By</Table.Th>
                <Table.Th>Volumes</Table.Th>
                <Table.Th>Made</Table.Th>
                <Table.Th w={80} aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ segmentation, depth }) => (
                <Line
                  key={segmentation.id}
                  segmentation={segmentation}
                  depth={depth}
                  scheme={schemes.data?.find(({ name }) => name === segmentation.scheme)}
                  shown={segmentation.id === chosen}
                  onToggle={() => onChoose(segmentation.id === chosen ? null : segmentation.id)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

function Line({
  segmentation,
  depth,
  scheme,
  shown,
  onToggle,
}: {
  segmentation: Segmentation;
  depth: number;
  scheme: LabelScheme | undefined;
  shown: boolean;
  onToggle: () => void;
}) {
  const { layers } = readScheme(scheme);
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6} wrap="nowrap" pl={depth * 18}>
          {depth > 0 && (
            <Tooltip label={`Corrected from #${segmentation.parent}`}>
              <IconCornerDownRight size={14} aria-label={`Corrected from #${segmentation.parent}`} />
            </Tooltip>
          )}
          <Text size="sm" fw={550}>
            {segmentation.rater}
          </Text>
          <Badge size="xs" variant="light" color="gray" tt="none" miw="max-content">
            {MADE_BY[segmentation.source] ?? segmentation.source}
          </Badge>
          <Text size="xs" c="dimmed">
            #{segmentation.id}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td>
        <Volumes segmentation={segmentation} scheme={scheme} />
      </Table.Td>
      <Table.Td>
        <Text size="xs">
          <TimeAgo time={segmentation.created_at} />
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <ActionIcon
            variant={shown ? "light" : "subtle"}
            size="sm"
            aria-label={shown ? "Hide over the images" : "Show over the images"}
            aria-pressed={shown}
            onClick={onToggle}
          >
            {shown ? <IconEyeOff size={15} /> : <IconEye size={15} />}
          </ActionIcon>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" size="sm" aria-label="Download">
                <IconDownload size={15} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>On the original grid</Menu.Label>
              {(layers.length > 1 ? layers : [{ key: "", name: "" }]).flatMap((layer, index) =>
                SUFFIXES.map((suffix) => (
                  <Menu.Item
                    key={`${layer.key}${suffix}`}
                    component="a"
                    href={downloadUrl(segmentation.id, suffix, index)}
                    download
                  >
                    {layer.name ? `${layer.name} (${suffix})` : suffix}
                  </Menu.Item>
                )),
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Volumes({ segmentation, scheme }: { segmentation: Segmentation; scheme: LabelScheme | undefined }) {
  const { labels } = readScheme(scheme);
  return (
    <Group gap="sm">
      {Object.entries(segmentation.volumes_ml).map(([key, ml]) => {
        const label = labels.find((each) => each.key === key);
        return (
          <Tooltip key={key} label={label?.name ?? key}>
            <Group gap={4} wrap="nowrap">
              <span className={classes.swatch} style={{ background: label?.color ?? "#888" }} />
              <Text size="xs">
                {key.toUpperCase()} {formatMl(ml)}
              </Text>
            </Group>
          </Tooltip>
        );
      })}
    </Group>
  );
}
