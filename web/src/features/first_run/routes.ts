import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";

const begin = createRoute({
  getParentRoute: () => spaceRoute,
  path: "begin",
  component: lazyRouteComponent(() => import("./GuidePage"), "GuidePage"),
});

export const firstRunRoutes = [begin] as const;
