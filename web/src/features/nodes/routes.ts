import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { systemRoute } from "../../shell/tree";

/** Which part of the page is shown. */
export interface NodesSearch {
  tab?: string;
  q?: string;
}

const nodes = createRoute({
  getParentRoute: () => systemRoute,
  path: "nodes",
  validateSearch: (search: Record<string, unknown>): NodesSearch => ({
    tab: search.tab ? String(search.tab) : undefined,
    q: search.q === undefined || search.q === "" ? undefined : String(search.q),
  }),
  component: lazyRouteComponent(() => import("./NodesPage"), "NodesPage"),
});

/** The server: its nodes, recurring work and log. */
export const nodesRoutes = [nodes] as const;
