import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";

const dashboard = createRoute({
  getParentRoute: () => spaceRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./DashboardPage"), "DashboardPage"),
});

export const dashboardRoutes = [dashboard] as const;
