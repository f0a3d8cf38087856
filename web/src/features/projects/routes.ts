import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";
import { listSearch } from "./listing";
import { overviewSearch } from "./overview";
import { projectRoute } from "./shared";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "projects",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./ProjectsPage"), "ProjectsPage"),
});

/** The pages above single projects. */
export const projectsRoutes = [list] as const;

const overview = createRoute({
  getParentRoute: () => projectRoute,
  path: "/",
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import("./OverviewPage"), "OverviewPage"),
});

const settings = createRoute({
  getParentRoute: () => projectRoute,
  path: "settings",
  component: lazyRouteComponent(() => import("./SettingsPage"), "SettingsPage"),
});

/** The pages of a project that this feature has; others hang theirs beside them. */
export const projectTabRoutes = [overview, settings] as const;
