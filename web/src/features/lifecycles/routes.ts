import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/lifecycles",
  component: lazyRouteComponent(() => import("./LifecyclesPage"), "LifecyclesPage"),
});

const one = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/lifecycles/$lifecycle",
  component: lazyRouteComponent(() => import("./LifecyclePage"), "LifecyclePage"),
});

export const lifecycleRoutes = [list, one] as const;
