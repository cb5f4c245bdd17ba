/** n of m as a thin bar with its numbers. */
import { Group, Progress, Text } from "@mantine/core";

/** Show how many of a total are done. */
export function ProgressCount({ done, total, width = 120 }: { done: number; total: number; width?: number }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Progress
        w={width}
        size="sm"
        value={total === 0 ? 0 : (100 * done) / total}
        color={total > 0 && done === total ? "teal" : "accent"}
        aria-label={`${done} of ${total}`}
      />
      <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
        {done} of {total}
      </Text>
    </Group>
  );
}
