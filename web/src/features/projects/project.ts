import { useParams } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useSpaceId } from "../../shell/space";

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
