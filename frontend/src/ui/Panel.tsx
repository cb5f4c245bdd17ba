/** A framed part of a page with its own heading. */
import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Panel.module.css";

/** Frame the children; `flush` lets a table touch the frame. */
export function Panel({
  title,
  actions,
  flush = false,
  children,
}: {
  title: ReactNode;
  actions?: ReactNode;
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={classes.panel}>
      <Group className={classes.head} justify="space-between" wrap="nowrap">
        <Title order={2} size="h6">
          {title}
        </Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
