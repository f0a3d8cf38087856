import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { queries } from "../../api/queries";
import { spaceRoute } from "../../shell/tree";
import { projectRoute } from "../projects/shared";
import { type Place, placeOf } from "./previewing";
import { type GridSearch, gridSearch } from "./search";

/** What of the page of a project's variables is in its address. */
export interface VariablesSearch extends GridSearch, Place {
  /** `all`: with those of the library; nothing: the project's own. */
  view?: "all";
  /** 1: what applies in a place. */
  preview?: 1;
  /** The variable whose explanation is open. */
  why?: string;
}

function variablesSearch(raw: Record<string, unknown>): VariablesSearch {
  const found: VariablesSearch = { ...gridSearch(raw), ...placeOf(raw) };
  if (raw.view === "all") found.view = "all";
  if (raw.preview === 1 || raw.preview === "1" || raw.preview === true) found.preview = 1;
  if (typeof raw.why === "string" && raw.why) found.why = raw.why;
  return found;
}

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
    ...(typeof raw.q === "string" && raw.q ? { q: raw.q } : {}),
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
