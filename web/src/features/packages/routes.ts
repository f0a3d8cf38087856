import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { page, texts } from "../../shell/address";
import { spaceRoute } from "../../shell/tree";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/packages",
  validateSearch: (search): { filter?: string; page?: number } => ({
    ...texts(search, ["filter"]),
    page: page(search.page),
  }),
  component: lazyRouteComponent(() => import("./PackagesPage"), "PackagesPage"),
});

const one = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/packages/$package",
  validateSearch: (search): { version?: string; page?: number } => ({
    ...texts(search, ["version"]),
    page: page(search.page),
  }),
  component: lazyRouteComponent(() => import("./PackagePage"), "PackagePage"),
});

export const packageRoutes = [list, one] as const;
