import { reading } from "../../api/queries";

/** All projects of a space, as much of each as a list shows. */
export const summariesReading = (spaceId: string) =>
  reading("project", "/api/{spaceId}/projects/experimental/summaries", { path: { spaceId } });

/** All project groups of a space. */
export const groupsReading = (spaceId: string) =>
  reading(["project", "other"], "/api/{spaceId}/projectgroups/all", { path: { spaceId } });

/** All lifecycles of a space. */
export const lifecyclesReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/lifecycles/all", { path: { spaceId } });
