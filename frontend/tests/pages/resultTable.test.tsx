/** A report's table on the screen: every column shows its own values. */
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { expect, it } from "vitest";
import type { ReportTable } from "@/api/reports";
import { TableOnly } from "@/pages/reports/ResultTable";

const COLUMN = { unit: "", digits: null, spread: "", bounds: null, form: "number", case: "", numeric: false };

it("shows a column whose key is “place”, and leads from a case to its page", () => {
  const table = {
    key: "rcbv",
    title: "rCBV",
    note: "",
    by: [],
    printed: true,
    columns: [
      { ...COLUMN, key: "place", title: "Where" },
      { ...COLUMN, key: "exam", title: "Exam", case: "case_id" },
    ],
    rows: [
      { place: "rim 0–2 mm", exam: "SYN-101", case_id: 8 },
      { place: "NEH", exam: "SYN-102", case_id: 9 },
    ],
  } as unknown as ReportTable;
  render(
    <MantineProvider>
      <MemoryRouter>
        <TableOnly table={table} open={new Set([8])} />
      </MemoryRouter>
    </MantineProvider>,
  );
  expect(screen.queryByText("rim 0–2 mm")).not.toBeNull();
  expect(screen.queryByText("NEH")).not.toBeNull();
  expect(screen.getByRole("link", { name: "SYN-101" }).getAttribute("href")).toBe("/cases/8");
  expect(screen.queryByRole("link", { name: "SYN-102" })).toBeNull();
});
