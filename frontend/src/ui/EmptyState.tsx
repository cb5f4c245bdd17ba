/** What a page or a list shows when there is nothing yet: what would be here and what to do first. */
import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** Say what is missing, why, and offer the first step. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      {icon && <Text c="dimmed">{icon}</Text>}
      <Title order={3} size="h5">
        {title}
      </Title>
      {children && (
        <Text size="sm" c="dimmed" maw={460}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
