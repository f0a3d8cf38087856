import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { queries } from "../../api/queries";
import { spaceRoute, systemRoute } from "../../shell/tree";
import { tasksSearch } from "./filters";
import { details } from "./reads";
import { taskSearch } from "./search";

const list = createRoute({
  getParentRoute: () => spaceRoute,
  path: "tasks",
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import("./TasksPage"), "TasksPage"),
});

const task = createRoute({
  getParentRoute: () => spaceRoute,
  path: "tasks/$task",
  validateSearch: taskSearch,
  loader: ({ params }) => queries.ensureQueryData(details(params.task)),
  component: lazyRouteComponent(() => import("./TaskPage"), "TaskPage"),
});

const systemTask = createRoute({
  getParentRoute: () => systemRoute,
  path: "tasks/$task",
  validateSearch: taskSearch,
  loader: ({ params }) => queries.ensureQueryData(details(params.task)),
  component: lazyRouteComponent(() => import("./TaskPage"), "TaskPage"),
});

/** Pages of the tasks of a space. */
export const taskRoutes = [list, task] as const;

/** Pages of the tasks of the server itself. */
export const systemTaskRoutes = [systemTask] as const;
