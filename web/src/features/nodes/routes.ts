import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { systemRoute } from "../../shell/tree";
import { nodesSearch } from "./search";

const nodes = createRoute({
  getParentRoute: () => systemRoute,
  path: "nodes",
  validateSearch: nodesSearch,
  component: lazyRouteComponent(() => import("./NodesPage"), "NodesPage"),
});

/** The server: its nodes, recurring work and log. */
export const nodesRoutes = [nodes] as const;
