import type { Schema } from "../../api/types";
import type { Message } from "../../text";

export interface Use {
  key: string;
  what: Message;
  name: string;
  /** The page of it below `/app`; nothing where it has none. */
  to?: string;
}

/** Who uses an account, as one list. */
export function usesOf(spaceId: string, usages: Schema["AccountUsages"]): Use[] {
  const kindOf = (id: string) => (id.startsWith("Workers-") ? "workers" : "machines");
  return [
    ...usages.Targets.map((each) => ({
      key: each.TargetId,
      what: kindOf(each.TargetId) === "workers" ? "worker" : "deployment target",
      name: each.TargetName,
      to: `/${spaceId}/infrastructure/${kindOf(each.TargetId)}/${each.TargetId}`,
    })),
    ...usages.DeploymentProcesses.map((each) => ({
      key: `steps ${each.ProjectId}`,
      what: "steps of its process",
      name: each.ProjectName,
      to: `/${spaceId}/projects/${each.ProjectSlug || each.ProjectId}/process`,
    })),
    ...usages.ProjectVariableSets.map((each) => ({
      key: `variables ${each.ProjectId}`,
      what: "variables of the project",
      name: each.ProjectName,
      to: `/${spaceId}/projects/${each.ProjectSlug || each.ProjectId}/variables`,
    })),
    ...usages.LibraryVariableSets.map((each) => ({
      key: each.LibraryVariableSetId,
      what: "library variable set",
      name: each.LibraryVariableSetName,
      to: `/${spaceId}/library/variable-sets/${each.LibraryVariableSetId}`,
    })),
    ...usages.Releases.map((each) => ({
      key: `releases ${each.ProjectId}`,
      what: "releases of the project",
      name: each.ProjectName,
      to: `/${spaceId}/projects/${each.ProjectId}/releases`,
    })),
    ...usages.Others.map((each) => ({ key: each.Id, what: each.Id, name: each.Name || each.Id })),
  ];
}
