/** Choose cases for a study, of those that the lead may see. */
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  ScrollArea,
  Skeleton,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { type StudyDetail, useAddCases, useChoosableCases } from "@/api/studies";
import { EmptyState } from "@/ui/EmptyState";
import { formatCount } from "@/ui/format";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { Thumbnail } from "@/ui/Thumbnail";
import { wordsOf } from "@/ui/words";

const PAUSE_MS = 250;

/** Show the cases that are not in the study yet, with a search; what is ticked stays ticked while one searches. */
export function CasePicker({
  study,
  taken,
  opened,
  onClose,
}: {
  study: StudyDetail;
  taken: readonly number[];
  opened: boolean;
  onClose: () => void;
}) {
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), PAUSE_MS);
  const { data, error } = useChoosableCases(asked, opened);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const add = useAddCases(study.id);
  const offered = data?.results.filter(({ id }) => !taken.includes(id)) ?? [];
  const all = offered.length > 0 && offered.every(({ id }) => chosen.has(id));
  const toggle = (ids: readonly number[], on: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      for (const id of ids) on ? after.add(id) : after.delete(id);
      return after;
    });
  const leave = () => {
    setChosen(new Set());
    setSearch("");
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title="Add cases"
      size="70rem"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <TextInput
        size="sm"
        type="search"
        placeholder="Search by patient"
        aria-label="Search by patient"
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        data-autofocus
      />
      {(error || add.error) && (
        <Alert color="red" variant="light" mt="sm" role="alert">
          {wordsOf(error ?? add.error)}
        </Alert>
      )}
      <ScrollArea h={380} mt="sm">
        {!data && <Skeleton height={300} />}
        {data && offered.length === 0 && (
          <EmptyState title="No further cases">
            {asked
              ? "No case that you may see matches."
              : "All cases that you may see are in this study. Import more first."}
          </EmptyState>
        )}
        {offered.length > 0 && (
          <Table stickyHeader verticalSpacing={4} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={36}>
                  <Checkbox
                    size="xs"
                    aria-label="All of these"
                    checked={all}
                    onChange={(event) =>
                      toggle(
                        offered.map(({ id }) => id),
                        event.currentTarget.checked,
                      )
                    }
                  />
                </Table.Th>
                <Table.Th>Case</Table.Th>
                <Table.Th>Time point</Table.Th>
                <Table.Th>Centre</Table.Th>
                <Table.Th>Sequences</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {offered.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td>
                    <Checkbox
                      size="xs"
                      aria-label={`${row.patient}, ${row.time_point_name}`}
                      checked={chosen.has(row.id)}
                      onChange={(event) => toggle([row.id], event.currentTarget.checked)}
                    />
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      <Thumbnail src={row.thumbnail} alt={row.patient} size={32} />
                      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
                        {row.patient}
                      </Text>
                      {row.synthetic && <SyntheticBadge size="xs" />}
                    </Group>
                  </Table.Td>
                  <Table.Td>{row.time_point_name}</Table.Td>
                  <Table.Td>{row.centre}</Table.Td>
                  <Table.Td>{row.sequences.join(", ")}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </ScrollArea>
      <Group justify="space-between" mt="md">
        <Text size="sm" c="dimmed">
          {data &&
            data.count > data.results.length &&
            `The first ${data.results.length} of ${data.count}: search for others.`}
        </Text>
        <Button
          loading={add.isPending}
          disabled={chosen.size === 0}
          onClick={() => add.mutate([...chosen], { onSuccess: leave })}
        >
          {chosen.size === 0 ? "Add" : `Add ${formatCount(chosen.size, "case")}`}
        </Button>
      </Group>
    </Modal>
  );
}
