import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { queries } from "../../api/queries";
import { spaces } from "../../shell/session";
import { spaceRoute } from "../../shell/tree";
import { blocksOf, matrixOf } from "./matrix";
import { boardReading, cellsReading } from "./reading";
import { type DashboardSearch, dashboardSearch } from "./search";

/** Asks for what will be seen first while the page is still on its way. */
async function firstCells(spaceId: string, search: DashboardSearch): Promise<void> {
  const board = await queries.ensureQueryData(boardReading(spaceId, search)).catch(() => undefined);
  if (!board) return;
  for (const block of blocksOf(matrixOf(board, search), [0, 1], [0, 1]))
    void queries.prefetchQuery(cellsReading(spaceId, block));
}

const dashboard = createRoute({
  getParentRoute: () => spaceRoute,
  path: "/",
  validateSearch: dashboardSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ params, deps }) => {
    const all = await queries.ensureQueryData(spaces());
    const named = params.space.toLowerCase();
    const space = all.find((each) => each.Id.toLowerCase() === named || each.Slug?.toLowerCase() === named);
    void firstCells(space?.Id ?? params.space, deps);
  },
  component: lazyRouteComponent(() => import("./DashboardPage"), "DashboardPage"),
});

export const dashboardRoutes = [dashboard] as const;
