/** One look for all pages: quiet greys, one accent, compact controls. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, Menu, Modal } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#e5f7fb",
  "#cdebf3",
  "#9bd6e6",
  "#66c0d9",
  "#41aece",
  "#2aa3c7",
  "#179dc4",
  "#0089ac",
  "#00799a",
  "#006989",
];

const dark: MantineColorsTuple = [
  "#d5dbe1",
  "#b3bcc5",
  "#8e99a4",
  "#66717d",
  "#414b55",
  "#2f3841",
  "#222931",
  "#191f26",
  "#12161b",
  "#0b0e12",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 8, dark: 8 },
  colors: { accent, dark },
  autoContrast: true,
  defaultRadius: "sm",
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.72rem", sm: "0.82rem", md: "0.9rem", lg: "1.05rem", xl: "1.2rem" },
  headings: { fontWeight: "600" },
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    // Its place for the first focus is no entry, which screen readers expect of all in a menu.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
  },
});

/** Words on a light tint of their own colour, as in badges. */
const ON_TINT = {
  accent: "#00566f",
  blue: "#155a9c",
  teal: "#066649",
  green: "#1f6b2e",
  orange: "#99390a",
  yellow: "#754b00",
  red: "#b02525",
  gray: "#495057",
};

/** Quiet text that can still be read: Mantine's own is below a contrast of 4.5 on white and on panels. */
export const readableGreys: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#596069",
    "--mantine-color-placeholder": "#646b74",
    "--mantine-color-error": "#c92a2a",
    ...Object.fromEntries(
      Object.entries(ON_TINT).map(([name, colour]) => [`--mantine-color-${name}-light-color`, colour]),
    ),
  },
  dark: { "--mantine-color-dimmed": "#a3adb7", "--mantine-color-placeholder": "#939da8" },
});
