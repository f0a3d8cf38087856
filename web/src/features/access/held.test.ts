import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { heldPlaces, narrowed } from "./held";

const names = new Map([
  ["Spaces-1", "Default"],
  ["Projects-1", "Web"],
  ["Environments-1", "Test"],
]);

describe("where somebody holds a permission", () => {
  it("is told with names, and with ids where a name is not known", () => {
    const set = {
      SpacePermissions: {
        ReleaseView: [
          { SpaceId: "Spaces-1", RestrictedToProjectIds: ["Projects-1", "Projects-9"] },
          { SpaceId: "Spaces-2", RestrictedToEnvironmentIds: ["Environments-1"] },
        ],
        ProjectView: [{}],
      },
      SystemPermissions: [],
    } as unknown as Schema["PermissionSet"];
    const found = heldPlaces(set, names, "Everywhere");
    expect(found.get("ReleaseView")).toEqual([
      { space: "Default", only: "projects Web, Projects-9" },
      { space: "Spaces-2", only: "environments Test" },
    ]);
    expect(found.get("ProjectView")).toEqual([{ space: "Everywhere", only: "" }]);
  });

  it("says all dimensions that narrow it", () => {
    expect(
      narrowed(
        {
          ProjectIds: ["Projects-1"],
          ProjectGroupIds: [],
          EnvironmentIds: ["Environments-1"],
          TenantIds: [],
        },
        names,
      ),
    ).toBe("projects Web; environments Test");
  });
});
