/** One exam: its images, attributes and segmentations, and the patient's other exams. */
import { Alert, Anchor, Badge, Grid, Group, Skeleton, Stack, Text, Timeline } from "@mantine/core";
import { IconFaceId } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { type CaseDetail, useCase } from "@/api/cases";
import type { Vec3 } from "@/labels";
import { ErrorState } from "@/ui/ErrorState";
import { ProgressLine } from "@/ui/JobProgress";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { Attributes } from "./Attributes";
import { CaseViewer, type Over } from "./CaseViewer";
import { SegmentationTree } from "./SegmentationTree";
import { SeriesList } from "./SeriesList";

/** Show the case, or why it cannot be shown. */
export function Page() {
  const { caseId = "" } = useParams();
  const query = useCase(caseId);
  if (query.data) return <Shown key={caseId} detail={query.data} />;
  if (query.error) {
    return (
      <ErrorState
        title="This case could not be opened"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return (
    <Stack>
      <Skeleton height={32} width={280} />
      <Skeleton height={460} radius="md" />
    </Stack>
  );
}

function Shown({ detail }: { detail: CaseDetail }) {
  const [params, setParams] = useSearchParams();
  const chosen = Number(params.get("segmentation")) || null;
  const at = voxelIn(params.get("at"));
  const map = Number(params.get("map")) || null;
  const probability = params.get("probability");
  const over: Over = probability ? { probability } : map ? { map } : chosen ? { segmentation: chosen } : null;
  const show = (next: Over) => {
    const wanted = Object.entries(next ?? {}).map(([key, id]): [string, string] => [key, String(id)]);
    setParams(wanted, { replace: true });
  };
  const choose = (id: number | null) => show(id ? { segmentation: id } : null);
  return (
    <Stack gap="md">
      <PageHeader
        title={`${detail.patient}, ${detail.time_point_name.toLowerCase()}`}
        tab={`${detail.patient} · Case`}
        badges={
          <>
            {detail.synthetic && <SyntheticBadge />}
            {detail.may_show_face && <FaceBadge />}
          </>
        }
        summary={
          <>
            <Anchor component={Link} to="/cases" size="sm" underline="always">
              Cases
            </Anchor>{" "}
            · {detail.centre}
          </>
        }
      />
      {detail.preparation && !detail.prepared && (
        <Alert variant="light" title="The pictures are being prepared">
          <ProgressLine job={detail.preparation} />
        </Alert>
      )}
      {detail.may_show_face && (
        <Alert color="orange" variant="light" icon={<IconFaceId size={18} />} p="xs">
          An image of this case may show a face, by which a person can be recognised. Treat pictures and
          exports of it accordingly.
        </Alert>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <Panel title="Images">
              <CaseViewer detail={detail} over={over} onOver={show} at={at} />
            </Panel>
            <SegmentationTree detail={detail} chosen={chosen} onChoose={choose} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md">
            <Attributes detail={detail} />
            <SeriesList detail={detail} />
            <Course detail={detail} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** Return the voxel of an address, as "12,40,7"; null when it names none. */
function voxelIn(text: string | null): Vec3 | null {
  const [x, y, z, ...more] = (text ?? "").split(",").map(Number);
  if (x === undefined || y === undefined || z === undefined || more.length > 0) return null;
  return [x, y, z].every(Number.isFinite) ? [x, y, z] : null;
}

function FaceBadge() {
  return (
    <Badge size="sm" color="orange" variant="light" tt="none" miw="max-content">
      May show a face
    </Badge>
  );
}

/** The patient's cases that one may see, in their order. */
function Course({ detail }: { detail: CaseDetail }) {
  const [all, setAll] = useState(false);
  const shown = all ? detail.timeline : detail.timeline.slice(0, 8);
  return (
    <Panel title="This patient's exams">
      <Timeline bulletSize={12} lineWidth={2} active={shown.findIndex(({ id }) => id === detail.id)}>
        {shown.map(({ id, time_point_name, day_offset }) => (
          <Timeline.Item key={id}>
            <Group gap="xs">
              {id === detail.id ? (
                <Text size="sm" fw={550}>
                  {time_point_name}
                </Text>
              ) : (
                <Anchor component={Link} to={`/cases/${id}`} size="sm">
                  {time_point_name}
                </Anchor>
              )}
              {day_offset !== null && (
                <Text size="xs" c="dimmed">
                  day {day_offset}
                </Text>
              )}
            </Group>
          </Timeline.Item>
        ))}
      </Timeline>
      {detail.timeline.length > shown.length && (
        <Anchor component="button" size="xs" mt="xs" onClick={() => setAll(true)}>
          Show all {detail.timeline.length}
        </Anchor>
      )}
    </Panel>
  );
}
