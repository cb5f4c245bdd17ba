/** The frame of a page without a case on it, and the way home. */
import { Anchor, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import classes from "./Workbench.module.css";

export function StandingPage({ children }: { children: ReactNode }) {
  return (
    <main className={classes.page}>
      <Stack align="center" maw={560} p="lg" ta="center">
        {children}
      </Stack>
    </main>
  );
}

export function Home() {
  return (
    <Anchor component={Link} to="/" size="sm">
      Back to my cases
    </Anchor>
  );
}
