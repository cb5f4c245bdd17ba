/** Menus as a screen reader hears them. */
import { MantineProvider, Menu } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { theme } from "@/app/theme";

afterEach(cleanup);

test("a menu holds its entries and nothing else", async () => {
  render(
    <MantineProvider theme={theme} env="test">
      <Menu opened>
        <Menu.Target>
          <button type="button">More</button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item>Report a problem</Menu.Item>
          <Menu.Item>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </MantineProvider>,
  );
  const menu = await screen.findByRole("menu");
  expect([...menu.children].map((each) => each.getAttribute("role"))).toEqual(["menuitem", "menuitem"]);
});
