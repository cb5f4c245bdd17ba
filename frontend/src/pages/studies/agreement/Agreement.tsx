/** How well the raters agree so far: figures that follow each submission within seconds. */
import {
  Alert,
  Anchor,
  Button,
  Grid,
  Group,
  Loader,
  NativeSelect,
  Skeleton,
  Stack,
  Text,
} from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { type StudyAgreement, useAgreement } from "@/api/agreement";
import { leads, type Study } from "@/api/studies";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { formatCount } from "@/ui/format";
import { Panel } from "@/ui/Panel";
import { Blind } from "../Blind";
import { Disputed } from "./Disputed";
import { HeatMap } from "./HeatMap";
import { caseName } from "./metrics";
import { Scores } from "./Scores";
import { Strips } from "./Strips";
import { Volumes } from "./Volumes";

/** Show agreement, unless the person still reads for the blinded study. */
export function Agreement({ study }: { study: Study }) {
  return study.sees_results ? <Live study={study} /> : <Blind />;
}

function Live({ study }: { study: Study }) {
  const [region, setRegion] = useState("");
  const { data, error, refetch } = useAgreement(study.id, region, study.state === "running");
  if (error)
    return (
      <ErrorState title="The agreement could not be read" error={error} onRetry={() => void refetch()} />
    );
  if (!data) return <Skeleton height={420} aria-label="Loading the agreement" />;
  if (data.cases.length === 0) return <NothingYet study={study} />;
  const opens = leads(study) || study.roles.includes("adjudicator");
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="sm">
          <NativeSelect
            size="xs"
            aria-label="Region"
            data={data.regions.map(({ key, name }) => ({ value: key, label: name }))}
            value={data.region}
            onChange={(event) => setRegion(event.currentTarget.value)}
          />
          <Progress agreement={data} />
        </Group>
        <Anchor component={Link} to={`/studies/${study.id}/reports`} size="sm">
          Freeze these readings into a report
        </Anchor>
      </Group>
      <Failures agreement={data} />
      {data.readings.length > 0 && (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <HeatMap agreement={data} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <Strips agreement={data} opens={opens} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <Volumes agreement={data} opens={opens} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <Stack gap="md">
              <Disputed agreement={data} opens={opens} />
              <Scores agreement={data} />
            </Stack>
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

/** Say what the figures are of, and what is on its way. */
function Progress({ agreement: { cases, raters } }: { agreement: StudyAgreement }) {
  const computing = cases.filter(({ state }) => state === "computing").length;
  const current = cases.filter(({ state }) => state === "current").length;
  return (
    <Group gap={6} role="status">
      {computing > 0 && <Loader size={12} />}
      <Text size="sm" c="dimmed">
        {formatCount(current, "case")}, {formatCount(raters.length, "rater")}
        {computing > 0 && ` · ${computing} of ${formatCount(cases.length, "case")} being compared`}
      </Text>
    </Group>
  );
}

function Failures({ agreement }: { agreement: StudyAgreement }) {
  const failed = agreement.cases.filter(({ state }) => state === "failed");
  if (failed.length === 0) return null;
  return (
    <Alert color="red" variant="light" title={`${formatCount(failed.length, "case")} could not be compared`}>
      {failed.slice(0, 5).map((one) => (
        <Text key={one.id} size="sm">
          {caseName(agreement, one.id)}: {one.error}
        </Text>
      ))}
    </Alert>
  );
}

/** Say what is to be done before there is anything to compare. */
export function NothingYet({ study }: { study: Study }) {
  const draft = study.state === "draft";
  return (
    <Panel title="Agreement">
      <EmptyState
        icon={<IconChartHistogram size={32} />}
        title={draft ? "This study has not started" : "No reading is in yet"}
        action={
          leads(study) ? (
            <Button
              component={Link}
              to={`/studies/${study.id}/${draft ? "settings" : "board"}`}
              size="xs"
              variant="light"
            >
              {draft ? "Go to the settings" : "See who reads what"}
            </Button>
          ) : undefined
        }
      >
        {draft && "Add cases and raters, then start it. "}
        As soon as a rater hands in a case, it is compared with the study's model, if it has one, and with
        everybody who read it. The figures appear here within seconds.
      </EmptyState>
    </Panel>
  );
}
