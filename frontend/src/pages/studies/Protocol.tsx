/** The instructions as the raters read them. */
import { Anchor, Text } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { Link } from "react-router";
import { leads, type Study } from "@/api/studies";
import { EmptyState } from "@/ui/EmptyState";
import { Markdown } from "@/ui/Markdown";
import { Panel } from "@/ui/Panel";

/** Show the protocol with its version. */
export function Protocol({ study }: { study: Study }) {
  const change = leads(study) && study.state !== "closed" && (
    <Anchor component={Link} to={`/studies/${study.id}/settings`} size="sm">
      {study.state === "draft" ? "Write it" : "Amend it"}
    </Anchor>
  );
  return (
    <Panel
      title="Protocol"
      actions={
        <>
          <Text size="xs" c="dimmed">
            Version {study.protocol_version} · labels: {study.scheme_name}
          </Text>
          {change}
        </>
      }
    >
      {study.protocol ? (
        <Markdown>{study.protocol}</Markdown>
      ) : (
        <EmptyState icon={<IconFileText size={32} />} title="No instructions are written" action={change}>
          Raters agree better when they read the same rules: what belongs to each label, what does not.
        </EmptyState>
      )}
    </Panel>
  );
}
