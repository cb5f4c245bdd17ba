/** A lead's instructions reach raters' pages: what is in them must stay text. */
import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Markdown } from "@/ui/Markdown";

function show(text: string) {
  return render(
    <MantineProvider>
      <Markdown>{text}</Markdown>
    </MantineProvider>,
  );
}

it("shows Markdown with tables, its headings below those of the page", () => {
  show("# Rules\n\n| Label | Colour |\n|---|---|\n| ET | red |");
  expect(screen.getByRole("heading", { level: 3, name: "Rules" })).toBeTruthy();
  expect(screen.getByRole("cell", { name: "red" })).toBeTruthy();
});

it("runs no HTML and keeps no address that is a script", () => {
  const { container } = show(
    '<img src=x onerror="alert(1)"> <script>alert(2)</script> [go](javascript:alert(3))',
  );
  expect(container.querySelector("img, script")).toBeNull();
  expect(container.querySelector("a")?.getAttribute("href") ?? "").not.toContain("javascript");
});
