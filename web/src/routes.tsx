import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { base } from "./api/place";
import { queries } from "./api/queries";
import { accessRoutes, profileRoutes, systemAccessRoutes } from "./features/access/routes";
import { accountRoutes } from "./features/accounts/routes";
import { auditRoutes, systemAuditRoutes } from "./features/audit/routes";
import { certificateRoutes } from "./features/certificates/routes";
import { channelRoutes } from "./features/channels/routes";
import { dashboardRoutes } from "./features/dashboard/routes";
import { deployingRoutes } from "./features/deploying/routes";
import { feedRoutes } from "./features/feeds/routes";
import { firstRunRoutes } from "./features/first_run/routes";
import { infrastructureRoutes } from "./features/infrastructure/routes";
import { lifecycleRoutes } from "./features/lifecycles/routes";
import { nodesRoutes } from "./features/nodes/routes";
import { packageRoutes } from "./features/packages/routes";
import { processRoutes } from "./features/process/routes";
import { projectsRoutes, projectTabRoutes } from "./features/projects/routes";
import { projectRoute } from "./features/projects/shared";
import { projectReleaseRoutes, releaseRoutes } from "./features/releases/routes";
import { settingsRoutes } from "./features/settings/routes";
import { signInRoutes } from "./features/sign_in/routes";
import { subscriptionRoutes, systemSubscriptionRoutes } from "./features/subscriptions/routes";
import { systemTaskRoutes, taskRoutes } from "./features/tasks/routes";
import { projectVariableRoutes, variableRoutes } from "./features/variables/routes";
import { Loading } from "./parts/Loading";
import { Failed } from "./shell/Failed";
import { spaces } from "./shell/session";
import { firstSpace } from "./shell/space";
import { frameRoute, rootRoute, spaceRoute, systemRoute } from "./shell/tree";

const start = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  beforeLoad: async () => {
    const space = firstSpace(await queries.ensureQueryData(spaces()));
    throw space
      ? redirect({ to: "/$space", params: { space }, replace: true })
      : redirect({ to: "/profile", replace: true });
  },
});

const tree = rootRoute.addChildren([
  ...signInRoutes,
  frameRoute.addChildren([
    start,
    ...profileRoutes,
    spaceRoute.addChildren([
      ...accessRoutes,
      ...auditRoutes,
      ...subscriptionRoutes,
      ...accountRoutes,
      ...certificateRoutes,
      ...dashboardRoutes,
      ...infrastructureRoutes,
      ...deployingRoutes,
      ...firstRunRoutes,
      ...feedRoutes,
      ...packageRoutes,
      ...lifecycleRoutes,
      ...releaseRoutes,
      ...variableRoutes,
      ...taskRoutes,
      ...projectsRoutes,
      projectRoute.addChildren([
        ...projectTabRoutes,
        ...processRoutes,
        ...channelRoutes,
        ...projectReleaseRoutes,
        ...projectVariableRoutes,
      ]),
    ]),
    systemRoute.addChildren([
      ...systemAccessRoutes,
      ...systemAuditRoutes,
      ...nodesRoutes,
      ...settingsRoutes,
      ...systemSubscriptionRoutes,
      ...systemTaskRoutes,
    ]),
  ]),
]);

/** The router of the portal, below `/app` of the server's prefix. */
export const router = createRouter({
  routeTree: tree,
  basepath: `${base}/app`,
  defaultPreload: "intent",
  defaultPendingComponent: Loading,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
