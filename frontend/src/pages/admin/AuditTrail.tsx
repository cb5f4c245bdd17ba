/** Who did what and when. It is appended to, never changed. */
import { Code, Text, TextInput } from "@mantine/core";
import { useSearchParams } from "react-router";
import { type Event, useEvents } from "@/api/admin";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";

const PAGE_SIZE = 50;

const COLUMNS: readonly Column<Event>[] = [
  {
    key: "at",
    title: "When",
    sortable: false,
    width: 170,
    value: ({ at }) => at,
    cell: ({ at }) => (at ? new Date(at).toLocaleString() : "–"),
  },
  {
    key: "actor",
    title: "Who",
    sortable: false,
    value: ({ actor }) => actor,
    cell: ({ actor }) => actor || "the platform",
  },
  {
    key: "verb",
    title: "What",
    sortable: false,
    value: ({ verb }) => verb,
    cell: ({ verb }) => <Code>{verb}</Code>,
  },
  {
    key: "subject",
    title: "To what",
    sortable: false,
    value: (event) => `${event.subject_type} ${event.subject_id}`,
    cell: (event) => `${event.subject_type} ${event.subject_id}`,
  },
  {
    key: "detail",
    title: "Facts",
    sortable: false,
    value: ({ detail }) => factsOf(detail),
    cell: ({ detail }) => (
      <Text size="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
        {factsOf(detail)}
      </Text>
    ),
  },
];

/** Show the trail, newest first; one verb alone when asked. */
export function AuditTrail() {
  const [params, setParams] = useSearchParams();
  const verb = params.get("verb") ?? "";
  const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
  const events = useEvents(verb, page, PAGE_SIZE);
  if (events.error && !events.data) {
    return (
      <ErrorState
        title="The trail could not be read"
        error={events.error}
        onRetry={() => void events.refetch()}
      />
    );
  }
  return (
    <Panel title="Audit trail" flush>
      <DataTable
        rows={events.data?.results}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        name="audit-trail"
        server={{ count: events.data?.count ?? 0, pageSize: PAGE_SIZE }}
        toolbar={
          <TextInput
            size="xs"
            w={240}
            aria-label="Only this action"
            placeholder="Only this action, as user.signed_in"
            value={verb}
            onChange={(event) =>
              setParams(event.currentTarget.value ? { verb: event.currentTarget.value } : {}, {
                replace: true,
              })
            }
          />
        }
        empty={<EmptyState title={verb ? "No such action happened" : "Nothing happened yet"} />}
      />
    </Panel>
  );
}

function factsOf(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) return detail ? String(detail) : "";
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}
