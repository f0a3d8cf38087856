import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/feeds",
  validateSearch: (search): { filter?: string } => {
    const filter = text(search.filter);
    return filter ? { filter } : {};
  },
  component: lazyRouteComponent(() => import("./FeedsPage"), "FeedsPage"),
});

const create = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/feeds/create",
  validateSearch: (search): { type?: string } => {
    const type = text(search.type);
    return type ? { type } : {};
  },
  component: lazyRouteComponent(() => import("./FeedPage"), "NewFeedPage"),
});

const one = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/feeds/$feed",
  validateSearch: (search): { term?: string } => {
    const term = text(search.term);
    return term ? { term } : {};
  },
  component: lazyRouteComponent(() => import("./FeedPage"), "FeedPage"),
});

export const feedRoutes = [list, create, one] as const;
