import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { projectRoute } from "../projects/shared";

/** What of the process is shown: a step, one of its actions, the text, or what may be added. */
export interface ProcessSearch {
  step?: string;
  action?: string;
  view?: "code" | "graph";
  /** In the graph, the chosen step or action is open in its form. */
  edit?: true;
  /** `all` or a category of step types; `copy` for steps of another project. */
  add?: string;
  /** The step a new action goes into. */
  into?: string;
}

const words = ["step", "action", "add", "into"] as const;

const process = createRoute({
  getParentRoute: () => projectRoute,
  path: "process",
  validateSearch: (search: Record<string, unknown>): ProcessSearch => ({
    ...Object.fromEntries(
      words.flatMap((name) =>
        typeof search[name] === "string" && search[name] ? [[name, search[name]]] : [],
      ),
    ),
    ...(search.view === "code" || search.view === "graph" ? { view: search.view } : {}),
    ...(search.view === "graph" && search.edit === true ? { edit: true as const } : {}),
  }),
  component: lazyRouteComponent(() => import("./ProcessPage"), "ProcessPage"),
});

export const processRoutes = [process] as const;
