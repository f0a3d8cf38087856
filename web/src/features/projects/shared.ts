import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Crumb } from "../../parts/Page";
import { spaceRoute } from "../../shell/tree";
import { t } from "../../text";
import { projectAddress } from "./project";

export { projectAddress, projectReading, useProject } from "./project";

/**
 * Everything of one project: `/Spaces-1/projects/web/…`, with the project's id, slug or name.
 *
 * The layout has the heading (level 1), the tabs and the state of the project; a page below it begins at level 2 and
 * does not use `Page`. A feature hangs its route here, in `src/routes.tsx`, and adds its line to `tabs.ts`.
 */
export const projectRoute = createRoute({
  getParentRoute: () => spaceRoute,
  path: "projects/$project",
  component: lazyRouteComponent(() => import("./ProjectPage"), "ProjectPage"),
});

/** The way to a page that belongs to a project and has an address of its own, such as a release's. */
export function projectCrumbs(
  spaceId: string,
  project: { Name: string; Slug: string },
  ...more: readonly Crumb[]
): readonly Crumb[] {
  return [
    { text: t("Projects"), to: `/${spaceId}/projects` },
    { text: project.Name, to: projectAddress(spaceId, project) },
    ...more,
  ];
}
