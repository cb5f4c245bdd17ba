/** One study: its lead's tabs, what an observer may see, or a rater's own progress. */
import { Anchor, Skeleton, Stack, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError } from "@/api/client";
import { leads, type Study, type StudyDetail, useStudy } from "@/api/studies";
import { useTitle } from "@/app/title";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageHeader } from "@/ui/PageHeader";
import { StateBadge } from "@/ui/StateBadge";
import { SyntheticBadge } from "@/ui/SyntheticBadge";
import { Agreement } from "./agreement/Agreement";
import { BoardTab } from "./board/BoardTab";
import { CasesTab } from "./cases/CasesTab";
import { Exports } from "./Exports";
import { Overview } from "./overview/Overview";
import { Protocol } from "./Protocol";
import { RaterStudy } from "./RaterStudy";
import { RatersTab } from "./raters/RatersTab";
import { ReportsTab } from "./reports/ReportsTab";
import { SettingsTab } from "./settings/SettingsTab";

/** A tab: its address, its name, and what it shows. */
interface StudyTab {
  readonly key: string;
  readonly name: string;
  readonly show: ReactNode;
}

/** Show the study in the address. */
export function Page() {
  const id = Number(useParams().studyId);
  const { data: study, error, refetch } = useStudy(id);
  if (error instanceof ApiError && error.status === 404) return <Unknown />;
  if (error)
    return <ErrorState title="The study could not be read" error={error} onRetry={() => void refetch()} />;
  if (!study) return <Loading />;
  return (
    <>
      <PageHeader
        title={study.name}
        badges={
          <>
            <StateBadge state={study.state ?? ""} />
            {study.synthetic && <SyntheticBadge />}
          </>
        }
        summary={study.description}
      />
      <Content study={study} />
    </>
  );
}

function Content({ study }: { study: Study | StudyDetail }) {
  if (leads(study)) return <StudyTabs id={study.id} tabs={leadTabs(study)} />;
  const sees = study.roles.some((role) => role === "observer" || role === "adjudicator");
  if (!sees) return <RaterStudy study={study} />;
  return <StudyTabs id={study.id} tabs={observerTabs(study)} />;
}

function leadTabs(study: StudyDetail): readonly StudyTab[] {
  return [
    { key: "overview", name: "Overview", show: <Overview study={study} /> },
    { key: "board", name: "Board", show: <BoardTab study={study} /> },
    { key: "agreement", name: "Agreement", show: <Agreement study={study} /> },
    { key: "protocol", name: "Protocol", show: <Protocol study={study} /> },
    { key: "raters", name: "Raters", show: <RatersTab study={study} /> },
    { key: "cases", name: "Cases", show: <CasesTab study={study} /> },
    { key: "settings", name: "Settings", show: <SettingsTab study={study} /> },
    { key: "reports", name: "Reports", show: <ReportsTab study={study} /> },
    { key: "exports", name: "Exports", show: <Exports study={study} /> },
  ];
}

function observerTabs(study: Study): readonly StudyTab[] {
  return [
    { key: "overview", name: "Overview", show: <RaterStudy study={study} /> },
    { key: "agreement", name: "Agreement", show: <Agreement study={study} /> },
    { key: "reports", name: "Reports", show: <ReportsTab study={study} /> },
  ];
}

function StudyTabs({ id, tabs }: { id: number; tabs: readonly StudyTab[] }) {
  const navigate = useNavigate();
  const asked = useParams().tab ?? "overview";
  const current = tabs.find(({ key }) => key === asked) ?? tabs[0];
  return (
    <Tabs
      value={current?.key ?? null}
      keepMounted={false}
      onChange={(key) => void navigate(`/studies/${id}/${key}`)}
    >
      <Tabs.List mb="md">
        {tabs.map(({ key, name }) => (
          <Tabs.Tab key={key} value={key}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ key, show }) => (
        <Tabs.Panel key={key} value={key}>
          {show}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Loading() {
  useTitle("Study");
  return (
    <Stack aria-busy="true" aria-label="Loading the study">
      <Skeleton height={34} width={380} />
      <Skeleton height={36} />
      <Skeleton height={320} />
    </Stack>
  );
}

function Unknown() {
  useTitle("No such study");
  return (
    <EmptyState
      title="There is no such study"
      action={
        <Anchor component={Link} to="/studies" size="sm">
          All studies
        </Anchor>
      }
    >
      It does not exist, or you are not a member of it. Ask its lead to add you.
    </EmptyState>
  );
}
