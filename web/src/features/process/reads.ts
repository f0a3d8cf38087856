import { reading, useQuery } from "../../api/queries";
import { useSpaceId } from "../../shell/space";
import { useProject } from "../projects/shared";

/** The process of a project. */
export const processOf = (spaceId: string, id: string) =>
  reading("project", "/api/{spaceId}/projects/{id}/deploymentprocesses", { path: { spaceId, id } });

/** The step types this server runs, with their forms. */
export const stepTypes = (spaceId: string) =>
  reading("other", "/api/{spaceId}/gurita/step-types", { path: { spaceId } });

/** The channels of a project. */
export const channelsOf = (spaceId: string, project_id: string) =>
  reading("other", "/api/{spaceId}/projects/{project_id}/channels", {
    path: { spaceId, project_id },
    query: { take: 1000 },
  });

const NONE: readonly never[] = [];

/** What a step may name: each list is empty while it is not known, or for who may not see it. */
export function useNames() {
  const spaceId = useSpaceId();
  const project = useProject();
  const path = { spaceId };
  const environments = useQuery(reading("environment", "/api/{spaceId}/environments/all", { path })).data;
  const roles = useQuery(reading("machine", "/api/{spaceId}/machineroles/all", { path })).data;
  const pools = useQuery(reading("other", "/api/{spaceId}/workerpools/all", { path })).data;
  const feeds = useQuery(reading("other", "/api/{spaceId}/feeds/all", { path })).data;
  const channels = useQuery(channelsOf(spaceId, project.Id)).data?.Items;
  return {
    environments: environments ?? NONE,
    roles: roles ?? NONE,
    pools: pools ?? NONE,
    feeds: feeds ?? NONE,
    channels: channels ?? NONE,
  };
}

/** Names of variables to complete. */
export function useVariableNames(): readonly { label: string; detail?: string }[] {
  const spaceId = useSpaceId();
  const project = useProject();
  const found = useQuery(
    reading("other", "/api/{spaceId}/variables/names", { path: { spaceId }, query: { project: project.Id } }),
  ).data;
  return (found ?? NONE).map((label) => ({ label }));
}
