/** The top of a page: what it is, what one can do here; it names the tab too. */
import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "@/app/title";

/** Show the page's title with badges beside it, a line below and actions at the right. */
export function PageHeader({
  title,
  tab,
  badges,
  summary,
  actions,
}: {
  title: string;
  /** The tab's title when it should say more than the page's. */
  tab?: string;
  badges?: ReactNode;
  summary?: ReactNode;
  actions?: ReactNode;
}) {
  useTitle(tab ?? title);
  return (
    <Group justify="space-between" align="flex-start" wrap="wrap" mb="md" gap="sm">
      <Stack gap={2}>
        <Group gap="xs">
          <Title order={1} size="h3">
            {title}
          </Title>
          {badges}
        </Group>
        {summary && (
          <Text component="div" size="sm" c="dimmed">
            {summary}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
