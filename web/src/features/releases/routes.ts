import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";
import { projectRoute } from "../projects/shared";
import { listSearch, releaseSearch } from "./search";

const list = createRoute({
  getParentRoute: () => projectRoute,
  path: "releases",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./ReleasesPage"), "ReleasesPage"),
});

const create = createRoute({
  getParentRoute: () => projectRoute,
  path: "releases/create",
  validateSearch: (search): { channel?: string } => {
    const { channel } = listSearch(search);
    return channel ? { channel } : {};
  },
  component: lazyRouteComponent(() => import("./CreatePage"), "CreatePage"),
});

const release = createRoute({
  getParentRoute: () => spaceRoute,
  path: "releases/$release",
  validateSearch: releaseSearch,
  component: lazyRouteComponent(() => import("./ReleasePage"), "ReleasePage"),
});

/** Pages below a project's tabs. */
export const projectReleaseRoutes = [list, create] as const;

/** Pages below a space. */
export const releaseRoutes = [release] as const;
