/** The sequences of a case with their facts. */
import { Anchor, Badge, Group, List, Stack, Text, Tooltip } from "@mantine/core";
import type { CaseDetail, Series } from "@/api/cases";
import { useSession } from "@/app/session";
import { formatTriple } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { Thumbnail } from "@/ui/Thumbnail";

/** List the sequences. */
export function SeriesList({ detail }: { detail: CaseDetail }) {
  return (
    <Panel title={`Sequences (${detail.series.length})`}>
      <Stack gap="sm">
        {detail.series.map((series) => (
          <Sequence key={series.id} series={series} reference={series.id === detail.reference} />
        ))}
      </Stack>
    </Panel>
  );
}

function Sequence({ series, reference }: { series: Series; reference: boolean }) {
  const { person } = useSession();
  const removed = removedOf(series.removed);
  const shape = Array.isArray(series.shape) ? (series.shape as number[]) : [];
  const mayDownload = person?.may_lead === true || person?.is_administrator === true;
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Thumbnail src={series.thumbnail} alt={series.sequence} size={64} />
      <div>
        <Group gap={6}>
          <Text size="sm" fw={550}>
            {series.sequence}
            {series.name ? ` ${series.name}` : ""}
          </Text>
          {reference && (
            <Tooltip label="The case is shown, and labels are drawn, on this image's grid.">
              <Badge size="xs" variant="light" tt="none" miw="max-content">
                reference grid
              </Badge>
            </Tooltip>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {formatTriple(shape)} voxels · {formatTriple(series.spacing, 2)} mm
        </Text>
        <Text size="xs" c="dimmed">
          {series.orientation}
          {series.obliquity > 0.05 ? ` · ${series.obliquity.toFixed(1)}° oblique` : ""}
        </Text>
        <Group gap="xs">
          {mayDownload && (
            <Anchor href={series.original} size="xs" download>
              Original file
            </Anchor>
          )}
          {removed.length > 0 && (
            <Tooltip
              multiline
              maw={360}
              label={
                <List size="xs">
                  {removed.map((line) => (
                    <List.Item key={line}>{line}</List.Item>
                  ))}
                </List>
              }
            >
              <Badge size="xs" color="gray" variant="light" tt="none" miw="max-content" tabIndex={0}>
                {removed.length} removed
              </Badge>
            </Tooltip>
          )}
        </Group>
      </div>
    </Group>
  );
}

/** What was not taken over from headers and sidecars: places and texts, or plain lines. */
function removedOf(removed: unknown): string[] {
  if (!Array.isArray(removed)) return [];
  return removed.map((each: unknown) => {
    if (typeof each !== "object" || each === null) return String(each);
    const { where, text } = each as { where?: unknown; text?: unknown };
    return text ? `${String(where)}: ${String(text)}` : String(where ?? "");
  });
}
