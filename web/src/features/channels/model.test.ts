import { describe, expect, it } from "vitest";
import { about, chosenOf, newRule, offered, ofRule, packagesOf, ruleWords } from "./model";

const process = {
  Steps: [
    {
      Actions: [
        {
          Name: "Bring",
          Packages: [
            { Name: "", PackageId: "Acme.Web", FeedId: "Feeds-1" },
            { Name: "tool", PackageId: "Acme.Tool", FeedId: "Feeds-2" },
          ],
        },
      ],
    },
  ],
} as never;

describe("rules of a channel", () => {
  it("name packages by action and reference", () => {
    const packages = packagesOf(process);
    expect(packages.map((each) => each.label)).toEqual(["Bring (Acme.Web)", "Bring / tool (Acme.Tool)"]);
    const rule = about(
      newRule(),
      packages.map((each) => each.key),
    );
    expect(rule.ActionPackages[1]).toEqual({ DeploymentAction: "Bring", PackageReference: "tool" });
    expect(chosenOf(rule)).toEqual(packages.map((each) => each.key));
  });

  it("keep a package that is gone to choose from", () => {
    const rule = { ...newRule(), ActionPackages: [{ DeploymentAction: "Old", PackageReference: "" }] };
    expect(offered(rule, packagesOf(process)).map((each) => each.label)).toContain("Old");
  });

  it("say in a few words what they let through", () => {
    const rule = { ...newRule(), VersionRange: "[2.0,)", Tag: "^$" };
    expect(
      ruleWords({ ...rule, ActionPackages: [{ DeploymentAction: "Bring", PackageReference: "" }] }),
    ).toBe("Bring: [2.0,), tag ^$");
    expect(ruleWords(newRule())).toBe("–: –");
  });

  it("take the sentences that are theirs", () => {
    const said = [
      "Rules[0].VersionRange: '[' is no range.",
      "Rules[1]: allows every version.",
      "Name: is empty.",
    ];
    expect(ofRule(said, 0)).toEqual([{ field: "VersionRange", text: "'[' is no range." }]);
    expect(ofRule(said, 1)).toEqual([{ field: "", text: "Allows every version." }]);
  });
});
