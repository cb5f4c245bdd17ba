/** Choose another report of the same kind to set beside this one. */
import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { Link } from "react-router";
import { type ReportDetail, useReports } from "@/api/reports";
import { timeAgo } from "@/ui/TimeAgo";

/** Offer the study's other finished reports of the kind; nothing when there is none. */
export function CompareWith({ report }: { report: ReportDetail }) {
  const { data } = useReports(report.study);
  const others = data?.filter((one) => one.id !== report.id && one.kind === report.kind && one.finished_at);
  if (!others || others.length === 0) return null;
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
          Compare with
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {others.map(({ id, title, created_at: time }) => (
          <Menu.Item
            key={id}
            component={Link}
            to={`/reports/${report.id}/compare/${id}`}
            fz="xs"
            rightSection={time && timeAgo(new Date(time))}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
