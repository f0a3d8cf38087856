import { reading } from "../../api/queries";

type PartOfList = {
  skip: number;
  take: number;
  searchByVersion?: string | undefined;
};

const ofProject = (spaceId: string, id: string, query: PartOfList) =>
  reading(["release", "project"], "/api/{spaceId}/projects/{id}/releases", { path: { spaceId, id }, query });

/** The releases of a project, or of one of its channels; newest first. */
export function releasesReading(
  spaceId: string,
  project: string,
  channel: string | undefined,
  query: PartOfList,
): ReturnType<typeof ofProject> {
  if (!channel) return ofProject(spaceId, project, query);
  const path = { spaceId, id: channel };
  const found = reading(["release", "project"], "/api/{spaceId}/channels/{id}/releases", { path, query });
  return found as unknown as ReturnType<typeof ofProject>;
}

/** All channels of a project. */
export const channelsReading = (spaceId: string, project: string) =>
  reading(["project"], "/api/{spaceId}/projects/{project_id}/channels", {
    path: { spaceId, project_id: project },
    query: { take: 1000 },
  });

/** The newest releases of a project, and where they are. */
export const whereReading = (spaceId: string, project: string) =>
  reading(
    ["release", "deployment", "task", "project", "environment"],
    "/api/{spaceId}/projects/{id}/progression",
    {
      path: { spaceId, id: project },
    },
  );

/** What a new release of a project would be, and what it must be told. */
export const templateReading = (spaceId: string, project: string, channel: string) =>
  reading(["release", "project"], "/api/{spaceId}/projects/{id}/deploymentprocesses/template", {
    path: { spaceId, id: project },
    query: { channel },
  });

/** Versions of a package, newest first, as its feed orders them. */
export const versionsReading = (
  spaceId: string,
  feed: string,
  query: Record<string, string | number | undefined>,
) =>
  reading("other", "/api/{spaceId}/feeds/{id}/packages/versions", {
    path: { spaceId, id: feed || "feeds-builtin" },
    query,
  });

/** The deployments of a release, newest first. */
export const deploymentsReading = (spaceId: string, release: string) =>
  reading(["deployment", "release", "task"], "/api/{spaceId}/releases/{id}/deployments", {
    path: { spaceId, id: release },
    query: { take: 100 },
  });

/** What a release selected that the built-in repository does not have any more. */
export const missingReading = (spaceId: string, release: string) =>
  reading(["release", "other"], "/api/{spaceId}/releases/{id}/missingpackages", {
    path: { spaceId, id: release },
  });

/** A process as it was frozen with a release. */
export const processReading = (spaceId: string, snapshot: string) =>
  reading("other", "/api/{spaceId}/deploymentprocesses/{id}", { path: { spaceId, id: snapshot } });

/** The variables as they were frozen with a release. */
export const variablesReading = (spaceId: string, project: string, release: string) =>
  reading(["release"], "/api/{spaceId}/projects/{id}/releases/{release_id}/variables", {
    path: { spaceId, id: project, release_id: release },
  });

/** Some tasks by their ids. */
export const tasksReading = (spaceId: string, ids: readonly string[]) => ({
  ...reading("task", "/api/{spaceId}/tasks", {
    path: { spaceId },
    query: { ids: ids.join(","), take: ids.length },
  }),
  enabled: ids.length > 0,
});

/** Some targets by their ids. */
export const machinesReading = (spaceId: string, ids: readonly string[]) => ({
  ...reading("machine", "/api/{spaceId}/machines", {
    path: { spaceId },
    query: { ids: ids.join(","), take: ids.length },
  }),
  enabled: ids.length > 0,
});

/** The files a task left. */
export const artifactsReading = (spaceId: string, task: string) =>
  reading(["artifact", "task"], "/api/{spaceId}/artifacts", {
    path: { spaceId },
    query: { regarding: task, take: 200 },
  });

/** One deployment. */
export const deploymentReading = (spaceId: string, id: string) =>
  reading(["deployment", "task"], "/api/{spaceId}/deployments/{id}", { path: { spaceId, id } });

/** The deployments of a project to one environment, newest first. */
export const deploymentsThere = (spaceId: string, project: string, environment: string) =>
  reading(["deployment", "task", "release"], "/api/{spaceId}/deployments", {
    path: { spaceId },
    query: { projects: project, environments: environment, take: 200 },
  });
