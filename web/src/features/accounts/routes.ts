import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { texts } from "../../shell/address";
import { spaceRoute } from "../../shell/tree";

const accounts = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/accounts",
  validateSearch: ({ add, q }): { add?: boolean; q?: string } => ({
    ...(add === true ? { add } : {}),
    ...texts({ q }, ["q"]),
  }),
  component: lazyRouteComponent(() => import("./AccountsPage"), "AccountsPage"),
});
const account = createRoute({
  getParentRoute: () => spaceRoute,
  path: "infrastructure/accounts/$account",
  component: lazyRouteComponent(() => import("./AccountPage"), "AccountPage"),
});

export const accountRoutes = [accounts, account] as const;
