import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { queries } from "../../api/queries";
import { spaceRoute, systemRoute } from "../../shell/tree";
import { tasksSearch } from "./filters";
import { taskSearch } from "./search";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "tasks",
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import("./TasksPage"), "TasksPage"),
});

/** Reads the task and the first lines to be shown side by side; a log that cannot be read does not keep the page away. */
async function begin({ params, location }: { params: { task: string }; location: { search: object } }) {
  const [{ parseLines }, { details, firstPage }] = await Promise.all([
    import("./log/ranges"),
    import("./reads"),
  ]);
  const { lines } = taskSearch(location.search as Record<string, unknown>);
  const line = (parseLines(lines === undefined ? undefined : String(lines))?.from ?? 1) - 1;
  void queries.prefetchQuery(firstPage(params.task, line));
  await queries.ensureQueryData(details(params.task));
}

const task = createRoute({
  getParentRoute: () => spaceRoute,
  path: "tasks/$task",
  validateSearch: taskSearch,
  loader: begin,
  component: lazyRouteComponent(() => import("./TaskPage"), "TaskPage"),
});

const systemTask = createRoute({
  getParentRoute: () => systemRoute,
  path: "tasks/$task",
  validateSearch: taskSearch,
  loader: begin,
  component: lazyRouteComponent(() => import("./TaskPage"), "TaskPage"),
});

/** Pages of the tasks of a space. */
export const taskRoutes = [list, task] as const;

/** Pages of the tasks of the server itself. */
export const systemTaskRoutes = [systemTask] as const;
