/** What an import made, and what it refused and why. */
import { Anchor, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Delivery } from "@/api/imports";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { Refused } from "./Preview";

/** List the cases with links, then the refused files. */
export function Result({ delivery }: { delivery: Delivery }) {
  return (
    <Stack gap="md" maw={960}>
      <Group gap="xs">
        <IconCircleCheck size={24} color="var(--mantine-color-teal-6)" aria-hidden />
        <Text fw={550}>{formatCount(delivery.cases.length, "case")} stored</Text>
        <Text size="sm" c="dimmed">
          The pictures are being prepared by a worker and appear one after another.
        </Text>
      </Group>
      <Panel title="Stored" flush>
        <Table verticalSpacing={6} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Case</Table.Th>
              <Table.Th>Time point</Table.Th>
              <Table.Th>Sequences</Table.Th>
              <Table.Th>Masks of</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {delivery.cases.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/cases/${row.id}`} size="sm">
                    {row.patient}
                  </Anchor>
                </Table.Td>
                <Table.Td>{row.time_point_name}</Table.Td>
                <Table.Td>{row.sequences.join(", ")}</Table.Td>
                <Table.Td>{row.raters.join(", ") || "–"}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Panel>
      {delivery.problems.length > 0 && <Refused problems={delivery.problems} />}
      <Group>
        <Button component={Link} to="/cases">
          All cases
        </Button>
        <Button component={Link} to="/import" variant="default">
          Import more
        </Button>
      </Group>
    </Stack>
  );
}
