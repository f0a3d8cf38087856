import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { texts } from "../../shell/address";
import { spaceRoute } from "../../shell/tree";

/** A member that makes no sense is there as undefined, or else the router would keep what the address says. */
function pageOf(value: unknown): { page?: number } {
  const page = Number(value);
  return { page: Number.isInteger(page) && page > 1 ? page : undefined } as { page?: number };
}

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/packages",
  validateSearch: (search): { filter?: string; page?: number } => ({
    ...texts(search, ["filter"]),
    ...pageOf(search.page),
  }),
  component: lazyRouteComponent(() => import("./PackagesPage"), "PackagesPage"),
});

const one = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/packages/$package",
  validateSearch: (search): { version?: string; page?: number } => ({
    ...texts(search, ["version"]),
    ...pageOf(search.page),
  }),
  component: lazyRouteComponent(() => import("./PackagePage"), "PackagePage"),
});

export const packageRoutes = [list, one] as const;
