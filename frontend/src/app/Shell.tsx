/** The frame of every page but the workbench and the sign-in: header with navigation, and who is signed in. */
import { Anchor, AppShell, Button, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconChevronDown, IconLogout, IconUser } from "@tabler/icons-react";
import { NavLink, Outlet } from "react-router";
import type { Person } from "@/api/session";
import { navigation } from "@/pages/navigation";
import { wordsOf } from "@/ui/words";
import { countUnsent } from "@/workbench/forget";
import classes from "./Shell.module.css";
import { useSession } from "./session";

/** Lay out the header, the navigation that the person's roles open, and the page. */
export function Shell() {
  const { person } = useSession();
  const entries = navigation.filter((entry) => person && entry.visibleTo(person));
  return (
    <AppShell header={{ height: 48 }} padding="md">
      <AppShell.Header className={classes.header}>
        <a className={classes.skip} href="#page">
          Skip to the page
        </a>
        <Group h="100%" px="md" gap="lg" wrap="nowrap">
          <Brand />
          <Group component="nav" aria-label="Main" gap={2} wrap="nowrap" className={classes.nav}>
            {entries.map(({ to, label }) => (
              <NavLink key={to} to={to} end={to === "/"} className={classes.link ?? ""}>
                {label}
              </NavLink>
            ))}
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="page" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Brand() {
  return (
    <Anchor component={NavLink} to="/" underline="never" className={classes.brand ?? ""}>
      <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={24} height={24} />
      Overread
    </Anchor>
  );
}

function AccountMenu() {
  const { person, leave } = useSession();
  const signOut = useSignOut(person, leave);
  if (!person) {
    return (
      <Button component={NavLink} to="/sign-in" size="xs" variant="light">
        Sign in
      </Button>
    );
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={classes.account ?? ""}
          aria-label={`Account of ${person.name || person.email}`}
        >
          <Text size="sm">{person.name || person.email}</Text>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        <Menu.Item component={NavLink} to="/account" leftSection={<IconUser size={16} />}>
          My account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Signing out removes what this browser kept; ask first when some of it never reached the server. */
function useSignOut(person: Person | null, leave: () => Promise<void>): () => Promise<void> {
  const signOut = () => leave().catch(tellStillIn);
  return async () => {
    const unsent = person ? await countUnsent(String(person.id)) : 0;
    if (unsent === 0) {
      await signOut();
      return;
    }
    modals.openConfirmModal({
      title: "Some of your work has not reached the server",
      children: (
        <Text size="sm">
          {unsent === 1 ? "One case holds" : `${unsent} cases hold`} changes that exist only in this browser.
          Signing out removes them. Open the case and wait until it says “Saved”, or download what could not
          be read under its Versions; or sign out and lose them.
        </Text>
      ),
      labels: { confirm: "Sign out and lose them", cancel: "Stay" },
      confirmProps: { color: "red" },
      onConfirm: () => void signOut(),
    });
  };
}

/** On a shared computer nobody may believe to be out who is not. */
function tellStillIn(error: unknown): void {
  modals.open({
    title: "You are still signed in",
    children: (
      <Text size="sm">
        {wordsOf(error)} Try again before you leave this computer; if it does not help, close all windows of
        this browser and tell your administrator.
      </Text>
    ),
  });
}
