import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { queries } from "../../api/queries";
import { texts } from "../../shell/address";
import { spaceRoute } from "../../shell/tree";
import { projectRoute } from "../projects/shared";
import { type GridSearch, gridSearch, variablesSearch } from "./search";

const variables = createRoute({
  getParentRoute: () => projectRoute,
  path: "variables",
  validateSearch: variablesSearch,
  loader: ({ params }) => {
    void import("./loading").then(({ projectSetReading }) =>
      queries.prefetchQuery(projectSetReading(params.space, params.project)),
    );
  },
  component: lazyRouteComponent(() => import("./VariablesPage"), "VariablesPage"),
});

const librarySets = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/variable-sets",
  validateSearch: (raw: Record<string, unknown>): { q?: string; kind?: "modules" } => ({
    ...texts(raw, ["q"]),
    ...(raw.kind === "modules" ? { kind: "modules" as const } : {}),
  }),
  component: lazyRouteComponent(() => import("./LibrarySetsPage"), "LibrarySetsPage"),
});

const librarySet = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/variable-sets/$set",
  validateSearch: (raw: Record<string, unknown>): GridSearch & { view?: "usage" | "settings" } => ({
    ...gridSearch(raw),
    ...(raw.view === "usage" || raw.view === "settings" ? { view: raw.view } : {}),
  }),
  component: lazyRouteComponent(() => import("./LibrarySetPage"), "LibrarySetPage"),
});

/** Below a project. */
export const projectVariableRoutes = [variables] as const;

/** Below a space. */
export const variableRoutes = [librarySets, librarySet] as const;
