import { queryOptions } from "@tanstack/react-query";
import { post } from "../../api/client";
import { reading } from "../../api/queries";

/** A release by its id. */
export const releaseReading = (spaceId: string, id: string) =>
  reading(["release", "project"], "/api/{spaceId}/releases/{id}", { path: { spaceId, id } });

/** How far a release is in its lifecycle, with its deployments. */
export const progressionReading = (spaceId: string, id: string) =>
  reading(["release", "deployment", "task", "project"], "/api/{spaceId}/releases/{id}/progression", {
    path: { spaceId, id },
  });

/** Where a release may go, and what changed in its project since it was made. */
export const deployableReading = (spaceId: string, id: string) =>
  reading(
    ["release", "deployment", "task", "project", "other"],
    "/api/{spaceId}/releases/{id}/deployments/template",
    { path: { spaceId, id } },
  );

/** What is wrong with a release, or was; the newest first. */
export const defectsReading = (spaceId: string, id: string) =>
  reading(["release"], "/api/{spaceId}/releases/{id}/defects", { path: { spaceId, id } });

/** All environments of a space, in their order. */
export const environmentsReading = (spaceId: string) =>
  reading("environment", "/api/{spaceId}/environments/all", { path: { spaceId } });

/** What deployments of a release to some environments would change on each target, in their order. */
export const differencesReading = (spaceId: string, id: string, environments: readonly string[]) => ({
  ...reading(
    ["release", "environment", "machine", "deployment", "task", "project"],
    "/api/{spaceId}/gurita/releases/{id}/differences",
    { path: { spaceId, id }, query: { environments: environments.join(",") } },
  ),
  enabled: environments.length > 0,
});

/** What has changed of the variables since a release froze them, value by value. */
export const changesReading = (spaceId: string, id: string) =>
  reading(
    ["release", "project", "variables", "libraryvariablesets"],
    "/api/{spaceId}/gurita/releases/{id}/variable-changes",
    { path: { spaceId, id } },
  );

/** What deployments of a release to some environments would do, in their order. */
export const previewsReading = (spaceId: string, id: string, environments: readonly string[]) =>
  queryOptions({
    queryKey: [
      ["release", "environment", "machine", "deployment", "project"],
      "previews",
      { spaceId, id },
      environments,
    ] as const,
    queryFn: ({ signal }) =>
      post("/api/{spaceId}/releases/{id}/deployments/previews", {
        path: { spaceId, id },
        body: {
          DeploymentPreviews: environments.map((EnvironmentId) => ({ EnvironmentId, TenantId: null })),
          IncludeDisabledSteps: false,
        },
        signal,
      }),
    enabled: environments.length > 0,
  });
