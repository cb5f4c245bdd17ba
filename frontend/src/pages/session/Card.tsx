/** The frame of the pages that one sees before signing in. */
import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "@/app/title";
import classes from "./Card.module.css";

/** Show one narrow card with the platform's name above. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className={classes.page}>
      <Stack className={classes.card ?? ""} gap="lg">
        <Group justify="center" gap="xs">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={36} height={36} />
          <Stack gap={0}>
            <Text fw={650} size="lg" lh={1.2}>
              Overread
            </Text>
            <Text size="xs" c="dimmed">
              Expert review of brain-tumour segmentations
            </Text>
          </Stack>
        </Group>
        <div className={classes.box}>
          <Title order={1} size="h4" mb="md">
            {title}
          </Title>
          {children}
        </div>
      </Stack>
    </main>
  );
}
