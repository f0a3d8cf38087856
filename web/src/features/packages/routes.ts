import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/packages",
  validateSearch: (search): { filter?: string; page?: number } => {
    const page = Number(search.page);
    return {
      ...(text(search.filter) && { filter: text(search.filter) }),
      ...(Number.isInteger(page) && page > 1 && { page }),
    };
  },
  component: lazyRouteComponent(() => import("./PackagesPage"), "PackagesPage"),
});

const one = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/packages/$package",
  validateSearch: (search): { version?: string } => {
    const version = text(search.version);
    return version ? { version } : {};
  },
  component: lazyRouteComponent(() => import("./PackagePage"), "PackagePage"),
});

export const packageRoutes = [list, one] as const;
