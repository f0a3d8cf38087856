import type { Schema } from "../../api/types";

type Project = Schema["Project"];

/** The settings of a project as the form holds them. */
export interface Draft {
  Name: string;
  Slug: string;
  Description: string;
  ProjectGroupId: string;
  LifecycleId: string;
  IsDisabled: boolean;
  DefaultGuidedFailureMode: Project["DefaultGuidedFailureMode"];
  versioning: "template" | "package";
  template: string;
  /** The package whose version counts, as `donorKey` names it. */
  donor: string;
  ReleaseNotesTemplate: string;
  SkipMachineBehavior: Schema["ConnectivityPolicy"]["SkipMachineBehavior"];
  AllowDeploymentsToNoTargets: boolean;
  ExcludeUnhealthyTargets: boolean;
}

/** A package of a step, as one text. */
export const donorKey = (action: string | null | undefined, reference: string | null | undefined): string =>
  JSON.stringify([action ?? "", reference ?? ""]);

/** The form of a project as it is. */
export function draftOf(project: Project): Draft {
  const strategy = project.VersioningStrategy;
  const policy = project.ProjectConnectivityPolicy;
  const donor = strategy?.DonorPackage;
  return {
    Name: project.Name,
    Slug: project.Slug,
    Description: project.Description ?? "",
    ProjectGroupId: project.ProjectGroupId,
    LifecycleId: project.LifecycleId,
    IsDisabled: project.IsDisabled,
    DefaultGuidedFailureMode: project.DefaultGuidedFailureMode,
    versioning: donor ? "package" : "template",
    template: strategy?.Template ?? "",
    donor: donor ? donorKey(donor.DeploymentAction, donor.PackageReference) : "",
    ReleaseNotesTemplate: project.ReleaseNotesTemplate ?? "",
    SkipMachineBehavior: policy?.SkipMachineBehavior ?? "None",
    AllowDeploymentsToNoTargets: policy?.AllowDeploymentsToNoTargets ?? false,
    ExcludeUnhealthyTargets: policy?.ExcludeUnhealthyTargets ?? false,
  };
}

/** The project with what the form says; everything the form does not show stays. */
export function projectWith(project: Project, draft: Draft): Project {
  const { versioning, template, donor, ReleaseNotesTemplate, ...rest } = draft;
  const { SkipMachineBehavior, AllowDeploymentsToNoTargets, ExcludeUnhealthyTargets, ...plain } = rest;
  const [DeploymentAction, PackageReference] = donor ? (JSON.parse(donor) as [string, string]) : ["", ""];
  const before = project.VersioningStrategy;
  const byPackage = versioning === "package" && donor !== "";
  return {
    ...project,
    ...plain,
    ReleaseNotesTemplate: ReleaseNotesTemplate || null,
    VersioningStrategy: {
      DonorPackageStepId: before?.DonorPackageStepId ?? null,
      Template: byPackage ? null : template,
      DonorPackage: byPackage ? { DeploymentAction, PackageReference } : null,
      ...(byPackage ? {} : { DonorPackageStepId: null }),
    },
    ProjectConnectivityPolicy: {
      TargetRoles: project.ProjectConnectivityPolicy?.TargetRoles ?? [],
      SkipMachineBehavior,
      AllowDeploymentsToNoTargets,
      ExcludeUnhealthyTargets,
    },
  };
}

export interface Donor {
  key: string;
  words: string;
}

/** The packages of a process whose versions a release may take over. */
export function donorsOf(process: Schema["DeploymentProcess"]): Donor[] {
  return (process.Steps ?? []).flatMap((step) =>
    (step.Actions ?? []).flatMap((action) =>
      (action.Packages ?? []).map((each) => ({
        key: donorKey(action.Name, each.Name),
        words: [action.Name, each.Name || each.PackageId].filter(Boolean).join(" · "),
      })),
    ),
  );
}
