import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute, systemRoute } from "../../shell/tree";
import { type AuditSearch, searchOf } from "./filters";

const page = lazyRouteComponent(() => import("./AuditPage"), "AuditPage");
const one = lazyRouteComponent(() => import("./EventPage"), "EventPage");
const validateSearch = (search: Record<string, unknown>): AuditSearch => searchOf(search);

const ofSpace = createRoute({
  getParentRoute: () => spaceRoute,
  path: "audit",
  validateSearch,
  component: page,
});
const oneOfSpace = createRoute({ getParentRoute: () => spaceRoute, path: "audit/$event", component: one });
const ofAll = createRoute({
  getParentRoute: () => systemRoute,
  path: "audit",
  validateSearch,
  component: page,
});
const trail = createRoute({
  getParentRoute: () => systemRoute,
  path: "audit/trail",
  component: lazyRouteComponent(() => import("./TrailPage"), "TrailPage"),
});
const oneOfAll = createRoute({ getParentRoute: () => systemRoute, path: "audit/$event", component: one });

/** The audit trail of a space. */
export const auditRoutes = [ofSpace, oneOfSpace] as const;

/** The audit trail of everything, and how it is kept. */
export const systemAuditRoutes = [ofAll, trail, oneOfAll] as const;
