import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { donorsOf, draftOf, projectWith } from "./settings";

const project = {
  Id: "Projects-1",
  Name: "Web",
  Slug: "web",
  Version: 3,
  Description: null,
  ProjectGroupId: "G-1",
  LifecycleId: "L-1",
  IsDisabled: false,
  DefaultGuidedFailureMode: "EnvironmentDefault",
  VersioningStrategy: { Template: "1.2.i", DonorPackage: null, DonorPackageStepId: null },
  ProjectConnectivityPolicy: {
    SkipMachineBehavior: "SkipUnavailableMachines",
    TargetRoles: ["web"],
    AllowDeploymentsToNoTargets: false,
    ExcludeUnhealthyTargets: true,
  },
  ReleaseNotesTemplate: null,
  ProjectTags: ["a/b"],
} as unknown as Schema["Project"];

describe("the settings of a project", () => {
  it("say the same when nothing was changed, and keep what the form does not show", () => {
    expect(projectWith(project, draftOf(project))).toEqual({ ...project, Description: "" });
  });

  it("take the version from a package, and back from a template", () => {
    const draft = { ...draftOf(project), versioning: "package", donor: '["Install","app"]' } as const;
    const changed = projectWith(project, draft);
    expect(changed.VersioningStrategy).toEqual({
      Template: null,
      DonorPackage: { DeploymentAction: "Install", PackageReference: "app" },
      DonorPackageStepId: null,
    });
    expect(draftOf(changed)).toMatchObject({ versioning: "package", donor: '["Install","app"]' });
    const back = projectWith(changed, { ...draftOf(changed), versioning: "template", template: "2.i" });
    expect(back.VersioningStrategy).toMatchObject({ Template: "2.i", DonorPackage: null });
  });

  it("keep the tags of targets that may be missing", () => {
    const changed = projectWith(project, { ...draftOf(project), SkipMachineBehavior: "None" });
    expect(changed.ProjectConnectivityPolicy).toMatchObject({
      TargetRoles: ["web"],
      SkipMachineBehavior: "None",
    });
  });

  it("offer the packages of the process", () => {
    const process = {
      Steps: [
        { Actions: [{ Name: "Install", Packages: [{ Name: "", PackageId: "app" }] }] },
        { Actions: [] },
      ],
    } as unknown as Schema["DeploymentProcess"];
    expect(donorsOf(process)).toEqual([{ key: '["Install",""]', words: "Install · app" }]);
  });
});
