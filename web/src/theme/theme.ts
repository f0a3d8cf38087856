import { type CSSVariablesResolver, createTheme, localStorageColorSchemeManager } from "@mantine/core";

/** Where the chosen theme is kept; `public/theme.js` reads it before the first paint. */
export const schemes = localStorageColorSchemeManager({ key: "gurita-theme" });

/** Colours, type and spacing of the portal. Everything else takes its looks from here by CSS variables. */
export const theme = createTheme({
  primaryColor: "tide",
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: "650" },
  // A dialog is no page: its head must not be announced as one more banner.
  components: {
    ModalHeader: { defaultProps: { role: "none" } },
    DrawerHeader: { defaultProps: { role: "none" } },
    // Names are of any length, and may have nowhere to break.
    Title: { styles: { root: { overflowWrap: "anywhere" } } },
    Anchor: { styles: { root: { overflowWrap: "anywhere" } } },
    Breadcrumbs: {
      styles: {
        root: { flexWrap: "wrap" },
        breadcrumb: { whiteSpace: "normal", overflowWrap: "anywhere", minWidth: 0 },
      },
    },
  },
  colors: {
    dark: [
      "#d5dde2",
      "#b4c1c9",
      "#8694a0",
      "#5d6b76",
      "#3b4954",
      "#2b363e",
      "#202a30",
      "#192126",
      "#12181c",
      "#0c1114",
    ],
    tide: [
      "#e6f7f7",
      "#cdeced",
      "#9cd9db",
      "#66c4c8",
      "#4fb9be",
      "#23a2a9",
      "#128d95",
      "#0a7279",
      "#075e64",
      "#03494e",
    ],
  },
});

/** White words on Mantine's own red are too faint (WCAG 1.4.3); its schemes each set it anew. */
const RED = { "--mantine-color-red-filled": "#c3271f", "--mantine-color-red-filled-hover": "#a81f18" };

/** Tokens of our own, beside Mantine's: surfaces, and a text and a ground colour for each of the eight states. */
export const tokens: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...RED,
    "--ground": "#f6f8f9",
    "--surface": "#ffffff",
    "--surface-raised": "#ffffff",
    "--line": "#d9e0e4",
    "--quiet": "#55636d",
    "--mantine-color-dimmed": "#55636d",
    "--mantine-color-placeholder": "#6b7780",
    "--mantine-color-error": "#b3211c",
    "--state-success": "#1a6b34",
    "--state-success-ground": "#e3f4e8",
    "--state-warning": "#7d4a00",
    "--state-warning-ground": "#fdf0d5",
    "--state-failed": "#b3211c",
    "--state-failed-ground": "#fde7e5",
    "--state-running": "#125a9c",
    "--state-running-ground": "#e2effb",
    "--state-waiting": "#6a3fa0",
    "--state-waiting-ground": "#f0e8fa",
    "--state-quiet": "#55636d",
    "--state-quiet-ground": "#eaeef1",
  },
  dark: {
    ...RED,
    "--mantine-color-body": "#12181c",
    "--mantine-color-anchor": "#66c4c8",
    "--mantine-primary-color-light-color": "#8fd6d9",
    "--ground": "#12181c",
    "--surface": "#192126",
    "--surface-raised": "#202a30",
    "--line": "#33414a",
    "--quiet": "#a3b1ba",
    "--mantine-color-dimmed": "#a3b1ba",
    "--mantine-color-placeholder": "#8694a0",
    "--mantine-color-error": "#ff9d96",
    "--state-success": "#7fd79a",
    "--state-success-ground": "#173324",
    "--state-warning": "#f2bd62",
    "--state-warning-ground": "#3a2a10",
    "--state-failed": "#ff9d96",
    "--state-failed-ground": "#401c1c",
    "--state-running": "#86c1fb",
    "--state-running-ground": "#15304a",
    "--state-waiting": "#c9a8f2",
    "--state-waiting-ground": "#2f2343",
    "--state-quiet": "#a3b1ba",
    "--state-quiet-ground": "#27323a",
  },
});
