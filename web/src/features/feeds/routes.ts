import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { texts } from "../../shell/address";
import { spaceRoute } from "../../shell/tree";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/feeds",
  validateSearch: (search): { filter?: string } => texts(search, ["filter"]),
  component: lazyRouteComponent(() => import("./FeedsPage"), "FeedsPage"),
});

const create = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/feeds/create",
  validateSearch: (search): { type?: string } => texts(search, ["type"]),
  component: lazyRouteComponent(() => import("./FeedPage"), "NewFeedPage"),
});

const one = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/feeds/$feed",
  validateSearch: (search): { term?: string } => texts(search, ["term"]),
  component: lazyRouteComponent(() => import("./FeedPage"), "FeedPage"),
});

export const feedRoutes = [list, create, one] as const;
