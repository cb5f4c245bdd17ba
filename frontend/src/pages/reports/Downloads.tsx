/** Everything of a report as files. */
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import type { ReportDetail, ReportFile } from "@/api/reports";
import { formatBytes } from "@/ui/format";

const KINDS = [
  { ending: ".json", title: "Everything (JSON)" },
  { ending: ".csv", title: "Tables (CSV)" },
  { ending: ".parquet", title: "Tables (Parquet)" },
  { ending: ".svg", title: "Figures (SVG)" },
  { ending: ".png", title: "Figures (PNG)" },
] as const;

/** Offer the PDF at once and the rest in a menu. */
export function Downloads({ report }: { report: ReportDetail }) {
  const pdf = report.files.find(({ name }) => name.endsWith(".pdf"));
  if (report.files.length === 0) return null;
  return (
    <>
      {pdf && (
        <Button component="a" href={pdf.url} download size="xs" leftSection={<IconDownload size={14} />}>
          PDF
        </Button>
      )}
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
            Tables and figures
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map(({ ending, title }) => (
            <Files
              key={ending}
              title={title}
              files={report.files.filter(({ name }) => name.endsWith(ending))}
            />
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Files({ title, files }: { title: string; files: readonly ReportFile[] }) {
  if (files.length === 0) return null;
  return (
    <>
      <Menu.Label>{title}</Menu.Label>
      {files.map(({ name, url, size }) => (
        <Menu.Item
          key={name}
          component="a"
          href={url}
          download={name}
          rightSection={formatBytes(size)}
          fz="xs"
        >
          {name}
        </Menu.Item>
      ))}
    </>
  );
}
