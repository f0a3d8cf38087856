import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "./shared";

const overview = createRoute({
  getParentRoute: () => projectRoute,
  path: "/",
  component: lazyRouteComponent(() => import("./OverviewPage"), "OverviewPage"),
});

/** The pages of a project that this feature has; others hang theirs beside them. */
export const projectTabRoutes = [overview] as const;
