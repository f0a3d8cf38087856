import { reading, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import type { Facts } from "./progress";

interface Known extends Facts {
  environmentList: readonly Schema["Environment"][];
  machineList: readonly Schema["Machine"][];
  projectList: readonly Schema["Project"][];
  /** The newest deployment of the space, with its task, if there is one. */
  newest: Schema["DashboardItem"] | undefined;
}

/** What the space has so far, kept true by the event stream. */
export function useFacts(spaceId: string): Known {
  const path = { spaceId };
  const environmentList = useSuspenseQuery(
    reading("environment", "/api/{spaceId}/environments/all", { path }),
  ).data;
  const machines = useSuspenseQuery(
    reading("machine", "/api/{spaceId}/machines", { path, query: { take: 5 } }),
  ).data;
  const projects = useSuspenseQuery(
    reading(["project"], "/api/{spaceId}/projects", { path, query: { take: 5 } }),
  ).data;
  const processes = useSuspenseQuery(
    reading(["project"], "/api/{spaceId}/deploymentprocesses", { path, query: { take: 5 } }),
  ).data;
  const { Items } = useSuspenseQuery(
    reading(["deployment", "task", "release"], "/api/{spaceId}/dashboard", { path }),
  ).data;
  const items = [...Items].sort((a, b) => (a.Created < b.Created ? 1 : -1));
  return {
    environments: environmentList.length,
    machines: machines.TotalResults,
    projects: processes.Items.filter((each) => each.Steps.length > 0).length,
    green: items.filter((each) => each.State === "Success").length,
    environmentList,
    machineList: machines.Items,
    projectList: projects.Items,
    newest: items[0],
  };
}
