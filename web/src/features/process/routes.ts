import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../projects/shared";
import { processSearch } from "./search";

const process = createRoute({
  getParentRoute: () => projectRoute,
  path: "process",
  validateSearch: processSearch,
  component: lazyRouteComponent(() => import("./ProcessPage"), "ProcessPage"),
});

export const processRoutes = [process] as const;
