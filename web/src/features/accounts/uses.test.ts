import { describe, expect, it } from "vitest";
import { usesOf } from "./uses";

const NONE = {
  Targets: [],
  DeploymentProcesses: [],
  LibraryVariableSets: [],
  ProjectVariableSets: [],
  Releases: [],
  RunbookProcesses: [],
  RunbookSnapshots: [],
  Others: [],
};

describe("who uses an account", () => {
  it("leads to the pages of targets, workers and projects", () => {
    const found = usesOf("Spaces-1", {
      ...NONE,
      Targets: [
        { TargetId: "Machines-1", TargetName: "web" },
        { TargetId: "Workers-1", TargetName: "builder" },
      ],
      DeploymentProcesses: [{ ProjectId: "Projects-1", ProjectName: "Shop", ProjectSlug: "shop", Steps: [] }],
    });
    expect(found.map((use) => use.to)).toEqual([
      "/Spaces-1/infrastructure/machines/Machines-1",
      "/Spaces-1/infrastructure/workers/Workers-1",
      "/Spaces-1/projects/shop/process",
    ]);
  });
});
