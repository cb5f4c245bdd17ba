/** One import at its address: sending, reading, preview, result. It goes on when the page is left, but the sending. */
import { Anchor, Button, Group, Skeleton, Stack, Stepper, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { Link, useParams } from "react-router";
import { type Delivery, useImport, useImportAction } from "@/api/imports";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { JobProgress } from "@/ui/JobProgress";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { TimeAgo } from "@/ui/TimeAgo";
import { Preview } from "./Preview";
import { Result } from "./Result";
import { Sending } from "./Sending";

const STEP: Readonly<Record<string, number>> = {
  uploading: 0,
  parsing: 1,
  failed: 1,
  preview: 2,
  storing: 3,
  done: 4,
};

/** Show the step that the import is at. */
export function Page() {
  const { importId = "" } = useParams();
  const query = useImport(importId);
  const act = useImportAction(importId);
  const delivery = query.data;
  if (!delivery) {
    return query.error ? (
      <ErrorState
        title="This import could not be opened"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <Skeleton height={320} radius="md" />
    );
  }
  const open = ["uploading", "failed", "preview"].includes(delivery.state ?? "");
  return (
    <Stack gap="md">
      <PageHeader
        title={`Import into ${delivery.centre}`}
        badges={delivery.synthetic && <SyntheticBadge />}
        summary={
          open && (
            <>
              Not confirmed, it is removed <TimeAgo time={delivery.expires_at} />.
            </>
          )
        }
        actions={open && <Discard onDiscard={() => act.mutate("discard")} />}
      />
      {delivery.state !== "discarded" && (
        <Stepper size="xs" active={STEP[delivery.state ?? ""] ?? 0} maw={720}>
          <Stepper.Step label="Send" />
          <Stepper.Step label="Read" color={delivery.state === "failed" ? "red" : "accent"} />
          <Stepper.Step label="Check" />
          <Stepper.Step label="Store" />
        </Stepper>
      )}
      {act.error && <ErrorState title="That did not work" error={act.error} />}
      <Step delivery={delivery} act={act} onChange={() => void query.refetch()} />
    </Stack>
  );
}

function Step({
  delivery,
  act,
  onChange,
}: {
  delivery: Delivery;
  act: ReturnType<typeof useImportAction>;
  onChange: () => void;
}) {
  switch (delivery.state) {
    case "parsing":
      return <Working title="Reading the files" delivery={delivery} onOver={onChange} />;
    case "storing":
      return <Working title="Storing the cases" delivery={delivery} onOver={onChange} />;
    case "failed":
      return (
        <Stack>
          <ErrorState
            title="The files could not be read"
            error={delivery.error || "The worker stopped."}
            onRetry={() => act.mutate("parse")}
          />
        </Stack>
      );
    case "preview":
      return (
        <>
          {delivery.error && (
            <ErrorState title="Storing did not work; nothing was kept" error={delivery.error} />
          )}
          <Preview
            key={delivery.id}
            delivery={delivery}
            confirming={act.isPending}
            onConfirm={() => act.mutate("confirm")}
          />
        </>
      );
    case "done":
      return <Result delivery={delivery} />;
    case "discarded":
      return (
        <EmptyState
          title="This import was discarded"
          action={
            <Button component={Link} to="/import" size="xs">
              Import again
            </Button>
          }
        >
          What was sent has been removed from the server, and no case was made.
        </EmptyState>
      );
    default:
      return (
        <Sending
          delivery={delivery}
          onChange={onChange}
          onComplete={() => act.mutate("parse")}
          starting={act.isPending}
        />
      );
  }
}

function Working({ title, delivery, onOver }: { title: string; delivery: Delivery; onOver: () => void }) {
  return (
    <Panel title={title}>
      <Stack gap="sm" maw={560}>
        {delivery.job && <JobProgress id={delivery.job.id} onOver={onOver} />}
        <Text size="sm" c="dimmed">
          You can leave this page; it is among{" "}
          <Anchor component={Link} to="/import" size="sm">
            my imports
          </Anchor>
          .
        </Text>
      </Stack>
    </Panel>
  );
}

function Discard({ onDiscard }: { onDiscard: () => void }) {
  const ask = () =>
    modals.openConfirmModal({
      title: "Discard this import?",
      children: <Text size="sm">What was sent is removed from the server at once. Your own files stay.</Text>,
      labels: { confirm: "Discard", cancel: "Keep" },
      confirmProps: { color: "red" },
      onConfirm: onDiscard,
    });
  return (
    <Group>
      <Button variant="default" size="xs" onClick={ask}>
        Discard
      </Button>
    </Group>
  );
}
