import type { Schema } from "../../api/types";
import type { Message } from "../../text";

/** A permission with what the server says of it. */
export interface Permission
  extends Pick<Schema["PermissionDescription"], "Description" | "SupportedRestrictions"> {
  name: string;
  space: boolean;
  system: boolean;
}

/** Permissions that are about the same kind of thing. */
export interface Group {
  title: Message;
  permissions: readonly Permission[];
}

const VERBS =
  /(?:View|Create|Edit|Delete|Administer|Submit|Cancel|Prioritize|Push|Download|Report|Resolve|Unscoped|Log|Invite|Export)/;

const TITLES: Record<string, Message> = {
  AdministerSystem: "System",
  ConfigureServer: "System",
  Telemetry: "System",
  PlatformHub: "System",
  ApprovalPolicy: "System",
  Retention: "Retention",
  EventRetention: "Retention",
  Event: "Audit",
  BuiltInFeed: "Packages and feeds",
  Feed: "Packages and feeds",
  BuildInformation: "Packages and feeds",
  Machine: "Machines and workers",
  MachinePolicy: "Machines and workers",
  Worker: "Machines and workers",
  Proxy: "Machines and workers",
  TargetTag: "Machines and workers",
  DeployedResource: "Machines and workers",
  Environment: "Environments",
  Account: "Accounts and certificates",
  Certificate: "Accounts and certificates",
  CertificatePrivateKey: "Accounts and certificates",
  GitCredential: "Accounts and certificates",
  Variable: "Variables",
  LibraryVariableSet: "Variables",
  Project: "Projects",
  ProjectGroup: "Projects",
  Process: "Projects",
  Trigger: "Projects",
  Lifecycle: "Projects",
  ActionTemplate: "Projects",
  Release: "Releases and deployments",
  Deployment: "Releases and deployments",
  DeploymentFreeze: "Releases and deployments",
  Defect: "Releases and deployments",
  Artifact: "Releases and deployments",
  Interruption: "Releases and deployments",
  Task: "Tasks",
  Tenant: "Tenants",
  TagSet: "Tenants",
  Runbook: "Runbooks",
  RunbookRun: "Runbooks",
  RunbookSnapshot: "Runbooks",
  User: "Users and teams",
  UserRole: "Users and teams",
  Team: "Users and teams",
  Space: "Spaces",
  Subscription: "Subscriptions",
};

/** What a permission is about, by its name: `MachinePolicyEdit` is about `MachinePolicy`. */
export function subjectOf(name: string): string {
  const at = name.slice(1).search(VERBS);
  return at < 0 ? name : name.slice(0, at + 1);
}

/** All permissions by name, as the API describes them. */
export function permissionsOf(all: Record<string, Schema["PermissionDescription"]>): Permission[] {
  return Object.entries(all).map(([name, one]) => ({
    name,
    Description: one.Description,
    SupportedRestrictions: one.SupportedRestrictions,
    space: one.CanApplyAtSpaceLevel,
    system: one.CanApplyAtSystemLevel,
  }));
}

/** Permissions by what they are about; what no group was thought of stands under "Other". */
export function grouped(permissions: readonly Permission[]): Group[] {
  const found = new Map<string, Permission[]>();
  for (const one of permissions) {
    const title = TITLES[subjectOf(one.name)] ?? TITLES[one.name] ?? "Other";
    found.set(title, [...(found.get(title) ?? []), one]);
  }
  return [...found]
    .sort(([a], [b]) => (a === "Other" ? 1 : b === "Other" ? -1 : a.localeCompare(b)))
    .map(([title, inside]) => ({ title, permissions: inside }));
}

/** Whether all words of a search are in the permission's name or description. */
export function fits(permission: Permission, search: string): boolean {
  const text = `${permission.name} ${permission.Description}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
