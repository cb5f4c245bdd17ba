/** Where one starts: the rater's next case and queue, the lead's studies and what needs them; both for who is both. */
import { SimpleGrid, Skeleton, Stack } from "@mantine/core";
import { IconClipboardList } from "@tabler/icons-react";
import { type MyStudy, useMyStudies, useQueue } from "@/api/home";
import type { Person } from "@/api/session";
import { useSession } from "@/app/session";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { LeadHome } from "./LeadHome";
import { RaterHome } from "./RaterHome";

/** Show what the person's roles ask for. */
export function Page() {
  const { person } = useSession();
  const studies = useMyStudies();
  const queue = useQueue();
  if (!person) return null;
  const error = studies.error ?? queue.error;
  const failed = error && !(studies.data && queue.data);
  return (
    <>
      <PageHeader title={greeting(person)} tab="Home" />
      {failed && (
        <ErrorState
          title="Your work could not be read"
          error={error}
          onRetry={() => {
            void studies.refetch();
            void queue.refetch();
          }}
        />
      )}
      {!failed && !(studies.data && queue.data) && <Loading />}
      {studies.data && queue.data && (
        <Homes person={person} studies={studies.data} rates={queue.data.length > 0} />
      )}
    </>
  );
}

function Homes({ person, studies, rates }: { person: Person; studies: readonly MyStudy[]; rates: boolean }) {
  const rater =
    rates || studies.some(({ roles }) => roles.includes("rater") || roles.includes("adjudicator"));
  const lead =
    person.may_lead === true ||
    person.is_administrator ||
    studies.some(({ roles }) => roles.includes("lead"));
  if (!rater && !lead) {
    return (
      <EmptyState icon={<IconClipboardList size={40} stroke={1.2} />} title="You are in no study yet">
        When the lead of a study adds you, its cases appear here. Nothing needs to be done by you until then.
      </EmptyState>
    );
  }
  return (
    <Stack gap="lg">
      {rater && <RaterHome studies={studies} />}
      {lead && <LeadHome studies={studies} />}
    </Stack>
  );
}

function Loading() {
  return (
    <Stack>
      <Skeleton height={168} radius="md" />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={220} radius="md" />
        <Skeleton height={220} radius="md" />
      </SimpleGrid>
    </Stack>
  );
}

function greeting(person: Person): string {
  return person.name ? `Welcome, ${person.name}` : "Welcome";
}
