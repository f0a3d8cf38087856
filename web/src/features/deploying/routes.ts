import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { get } from "../../api/client";
import { spaceRoute } from "../../shell/tree";
import { taskAddress } from "./addresses";
import { deploySearch } from "./search";

const deploy = createRoute({
  getParentRoute: () => spaceRoute,
  path: "releases/$release/deploy",
  validateSearch: deploySearch,
  component: lazyRouteComponent(() => import("./DeployPage"), "DeployPage"),
});

/** A deployment has no page of its own: everything of it is on the page of its task. */
const deployment = createRoute({
  getParentRoute: () => spaceRoute,
  path: "deployments/$deployment",
  beforeLoad: async ({ params: { space, deployment } }) => {
    const path = { spaceId: space, id: deployment };
    const { TaskId } = await get("/api/{spaceId}/deployments/{id}", { path });
    throw redirect({ to: taskAddress(space, TaskId), replace: true });
  },
});

export const deployingRoutes = [deploy, deployment] as const;
