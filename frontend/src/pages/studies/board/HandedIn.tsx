/** What was handed in beside the mask: time, edited voxels, comments, why it could not be scored. */
import { Alert, Anchor, List, Skeleton, Stack, Table, Text } from "@mantine/core";
import { Link } from "react-router";
import { type BoardCell, type Reading, type StudyDetail, useReading } from "@/api/studies";
import { ErrorState } from "@/ui/ErrorState";
import { formatDuration } from "@/ui/format";

/** Show it for one submitted reading. */
export function HandedIn({ study, cell }: { study: StudyDetail; cell: BoardCell }) {
  const { data, error } = useReading(study.id, cell.assignment);
  if (error) return <ErrorState title="What was handed in could not be read" error={error} />;
  if (!data) return <Skeleton height={120} />;
  return (
    <Stack gap="sm">
      {data.not_assessed !== null && (
        <Alert color="yellow" variant="light" title="The rater could not assess this mask">
          {data.not_assessed}
        </Alert>
      )}
      <Edits reading={data} />
      {data.comments.length > 0 && <Comments reading={data} cell={cell} />}
    </Stack>
  );
}

function Edits({ reading: { edits, idle_seconds } }: { reading: Reading }) {
  const labels = Object.keys({ ...edits.added, ...edits.removed });
  const tools = Object.entries(edits.tools).sort(([, a], [, b]) => b - a);
  return (
    <>
      <Text size="xs" c="dimmed">
        {formatDuration(idle_seconds)} idle beside the active time; pauses and hidden windows are not counted.
      </Text>
      {labels.length > 0 && (
        <Table verticalSpacing={4} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Label</Table.Th>
              <Table.Th ta="right">Voxels added</Table.Th>
              <Table.Th ta="right">removed</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {labels.map((label) => (
              <Table.Tr key={label}>
                <Table.Td>{label}</Table.Td>
                <Table.Td ta="right">{(edits.added[label] ?? 0).toLocaleString()}</Table.Td>
                <Table.Td ta="right">{(edits.removed[label] ?? 0).toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {tools.length > 0 && (
        <Text size="xs">
          Tools: {tools.map(([tool, uses]) => `${tool} ${uses.toLocaleString()} ×`).join(", ")}
        </Text>
      )}
    </>
  );
}

function Comments({ reading: { comments, segmentation }, cell }: { reading: Reading; cell: BoardCell }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        Comments ({comments.length})
      </Text>
      <List size="sm" spacing={6} listStyleType="none">
        {comments.map(({ voxel, mm, text }) => (
          <List.Item key={`${voxel.join(" ")} ${text}`}>
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {text}
            </Text>
            <Anchor
              component={Link}
              size="xs"
              to={`/cases/${cell.case}?segmentation=${segmentation}&at=${voxel.join(",")}`}
            >
              {mmText(mm)}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </div>
  );
}

/** Return a place in patient coordinates: RAS+ mm as letters with distances. */
function mmText([x = 0, y = 0, z = 0]: readonly number[]): string {
  const side = (value: number, positive: string, negative: string) =>
    `${value >= 0 ? positive : negative} ${Math.abs(value).toFixed(1)}`;
  return `${side(x, "R", "L")}  ${side(y, "A", "P")}  ${side(z, "S", "I")} mm`;
}
