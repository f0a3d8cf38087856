import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute, systemRoute } from "../../shell/tree";

const list = lazyRouteComponent(() => import("./SubscriptionsPage"), "SubscriptionsPage");
const one = lazyRouteComponent(() => import("./SubscriptionPage"), "SubscriptionPage");

const ofSpace = createRoute({ getParentRoute: () => spaceRoute, path: "subscriptions", component: list });
const oneOfSpace = createRoute({
  getParentRoute: () => spaceRoute,
  path: "subscriptions/$subscription",
  component: one,
});
const ofSystem = createRoute({ getParentRoute: () => systemRoute, path: "subscriptions", component: list });
const oneOfSystem = createRoute({
  getParentRoute: () => systemRoute,
  path: "subscriptions/$subscription",
  component: one,
});

/** Whom a space tells of its events. */
export const subscriptionRoutes = [ofSpace, oneOfSpace] as const;

/** Whom the server tells of its own events. */
export const systemSubscriptionRoutes = [ofSystem, oneOfSystem] as const;
