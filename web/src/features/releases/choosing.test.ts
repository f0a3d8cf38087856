import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import {
  expectedVersion,
  keyOf,
  ruleOf,
  ruleQuery,
  ruleWords,
  selectedOf,
  shutOut,
  startOf,
  whyVersion,
} from "./choosing";

const wanted = (action: string, more: Partial<Schema["TemplatePackage"]> = {}) =>
  ({
    ActionName: action,
    StepName: action,
    PackageReferenceName: "",
    FixedVersion: null,
    ...more,
  }) as Schema["TemplatePackage"];

const versions = (...all: string[]) =>
  all.map((Version) => ({ Version })) as unknown as Schema["FeedVersionItem"][];

const RULE = {
  Id: "r",
  VersionRange: "[2.0,)",
  Tag: "^$",
  VersioningStrategy: null,
  VersionTagRegex: null,
  ActionPackages: [{ DeploymentAction: "Bring the shop", PackageReference: null }],
  Links: {},
} as Schema["ChannelRule"];

const template = (more: Partial<Schema["ReleaseTemplate"]> = {}) =>
  ({
    LastReleaseVersion: "1.2.0",
    NextVersionIncrement: "1.2.1",
    VersioningPackageStepName: null,
    VersioningPackageReferenceName: null,
    ...more,
  }) as Schema["ReleaseTemplate"];

describe("choosing versions of packages", () => {
  it("finds the rule of a channel by action and reference, in any case", () => {
    const channel = { Rules: [RULE] };
    expect(ruleOf(channel, wanted("bring the SHOP"))).toBe(RULE);
    expect(ruleOf(channel, wanted("Bring the shop", { PackageReferenceName: "extra" }))).toBeUndefined();
    expect(ruleOf(undefined, wanted("Bring the shop"))).toBeUndefined();
  });

  it("says in words what a rule asks for, and asks the feed the same", () => {
    expect(ruleWords(RULE)).toBe("the range [2.0,) and the pre-release tag ^$");
    expect(ruleQuery(RULE)).toMatchObject({ versionRange: "[2.0,)", preReleaseTag: "^$" });
    expect(ruleQuery(undefined).versionRange).toBeUndefined();
  });

  it("names newer versions the rules shut out, never older ones, in the feed's order", () => {
    const all = versions("3.0.0-beta", "2.1.0", "2.0.0-rc", "2.0.0", "1.0.0");
    expect(shutOut(all, versions("2.1.0", "2.0.0")).map((each) => each.Version)).toEqual(["3.0.0-beta"]);
    expect(shutOut(all, versions()).length).toBe(5);
    expect(shutOut(all, all)).toEqual([]);
  });

  it("begins with what the process fixes, else with the newest that fits", () => {
    expect(startOf(wanted("a", { FixedVersion: "9" }), versions("2"))).toBe("9");
    expect(startOf(wanted("a"), versions("2", "1"))).toBe("2");
    expect(startOf(wanted("a"), [])).toBe("");
  });

  it("tells the API each choice, and leaves out what has none", () => {
    const packages = [wanted("a"), wanted("b", { PackageReferenceName: "x" })];
    const chosen = new Map([[keyOf({ ActionName: "b", PackageReferenceName: "x" }), "1.0"]]);
    expect(selectedOf(packages, chosen)).toEqual([
      { ActionName: "b", StepName: "b", PackageReferenceName: "x", Version: "1.0" },
    ]);
  });
});

describe("the version of a release", () => {
  it("follows the highest by the project's numbering", () => {
    expect(expectedVersion(template(), [])).toBe("1.2.1");
    expect(whyVersion(template())).toContain("1.2.0");
    expect(whyVersion(template({ LastReleaseVersion: null }))).toContain("first");
  });

  it("is that of the package it is named after", () => {
    const donor = template({ VersioningPackageStepName: "Bring", NextVersionIncrement: null });
    const selected = [{ ActionName: "bring", StepName: "bring", PackageReferenceName: "", Version: "7.1" }];
    expect(expectedVersion(donor, selected)).toBe("7.1");
    expect(expectedVersion(donor, [])).toBe("");
    expect(whyVersion(donor)).toContain("Bring");
  });
});
