/** What site administrators look after, a tab each; the tab is in the address. */
import { Tabs } from "@mantine/core";
import { useNavigate, useParams } from "react-router";
import { useSession } from "@/app/session";
import { EmptyState } from "@/ui/EmptyState";
import { PageHeader } from "@/ui/PageHeader";
import { AuditTrail } from "./AuditTrail";
import { Centres } from "./Centres";
import { HealthPanel } from "./HealthPanel";
import { People } from "./People";

const TABS = [
  { key: "people", label: "People", View: People },
  { key: "centres", label: "Centres", View: Centres },
  { key: "audit", label: "Audit trail", View: AuditTrail },
  { key: "health", label: "Health", View: HealthPanel },
] as const;

/** Show the tab of the address; everybody else than site administrators is told so. */
export function Page() {
  const { tab } = useParams();
  const { person } = useSession();
  const navigate = useNavigate();
  const chosen = TABS.find(({ key }) => key === tab) ?? TABS[0];
  return (
    <>
      <PageHeader title="Administration" tab={`${chosen.label} · Administration`} />
      {person?.is_administrator ? (
        <Tabs value={chosen.key} onChange={(key) => void navigate(`/admin/${key}`)} keepMounted={false}>
          <Tabs.List mb="md">
            {TABS.map(({ key, label }) => (
              <Tabs.Tab key={key} value={key}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <chosen.View />
        </Tabs>
      ) : (
        <EmptyState title="This is for site administrators">
          Ask one of them if you need something here.
        </EmptyState>
      )}
    </>
  );
}
