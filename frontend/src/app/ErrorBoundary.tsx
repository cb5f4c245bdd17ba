/** The last net: a page that breaks says so and offers a way on; the rest of the application stays. */
import { Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useRouteError } from "react-router";

interface State {
  readonly error: Error | null;
}

/** Show what broke and two ways on. Drafts are in the browser's store, so reloading loses nothing. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Broken message={error.message} />;
  }
}

/** The same net for errors of routes, as a page whose code could not be fetched after an update of the server. */
export function RouteError() {
  const error = useRouteError();
  return <Broken message={error instanceof Error ? error.message : "The page could not be loaded."} />;
}

function Broken({ message }: { message: string }) {
  return (
    <Stack p="xl" maw={640} mx="auto" role="alert">
      <Title order={2}>This page has stopped working</Title>
      <Text>Your work is kept. Reload the page; if it happens again, tell your study lead what you did.</Text>
      <Code block>{message}</Code>
      <Group>
        <Button onClick={() => window.location.reload()}>Reload</Button>
        <Button variant="default" onClick={() => window.location.assign("/")}>
          Go home
        </Button>
      </Group>
    </Stack>
  );
}
