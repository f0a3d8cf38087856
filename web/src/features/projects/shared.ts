import { createRoute, lazyRouteComponent, useParams } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import type { Crumb } from "../../parts/Page";
import { useSpaceId } from "../../shell/space";
import { spaceRoute } from "../../shell/tree";
import { t } from "../../text";

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

/** A project as a query, by its id, slug or name. */
export const projectReading = (spaceId: string, id: string) =>
  reading("project", "/api/{spaceId}/projects/{id}", { path: { spaceId, id } });

/** The project of a page below `projectRoute`. */
export function useProject(): Schema["Project"] {
  const { project } = useParams({ strict: false });
  return useSuspenseQuery(projectReading(useSpaceId(), project ?? "")).data;
}

/** The address of a project's page: `projectAddress("Spaces-1", project, "releases")`. */
export const projectAddress = (spaceId: string, project: { Slug: string; Id?: string }, tab = "") =>
  `/${spaceId}/projects/${project.Slug || project.Id}${tab ? `/${tab}` : ""}`;

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
