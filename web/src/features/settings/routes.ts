import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { systemRoute } from "../../shell/tree";

const first = createRoute({
  getParentRoute: () => systemRoute,
  path: "settings",
  beforeLoad: () => {
    throw redirect({ to: "/configuration/settings/$section", params: { section: "server" }, replace: true });
  },
});
const settings = createRoute({
  getParentRoute: () => systemRoute,
  path: "settings/$section",
  component: lazyRouteComponent(() => import("./SettingsPage"), "SettingsPage"),
});
const provider = createRoute({
  getParentRoute: () => systemRoute,
  path: "providers/$provider",
  validateSearch: (search: Record<string, unknown>): { kind?: string } => ({
    kind: search.kind === "ldap" ? "ldap" : undefined,
  }),
  component: lazyRouteComponent(() => import("./ProviderPage"), "ProviderPage"),
});
const spaces = createRoute({
  getParentRoute: () => systemRoute,
  path: "spaces",
  component: lazyRouteComponent(() => import("./SpacesPage"), "SpacesPage"),
});
const oneSpace = createRoute({
  getParentRoute: () => systemRoute,
  path: "spaces/$id",
  component: lazyRouteComponent(() => import("./SpacePage"), "SpacePage"),
});

/** Settings of the server, identity providers and spaces. */
export const settingsRoutes = [first, settings, provider, spaces, oneSpace] as const;
