import { describe, expect, it } from "vitest";
import {
  type Action,
  adopted,
  copyOf,
  freeName,
  hasFeature,
  hasSecrets,
  moved,
  newReference,
  newStep,
  renamed,
  rolesOf,
  type Step,
  type StepForm,
  same,
  withFeature,
  withPrimary,
  withRoles,
} from "./model";

const SCRIPT: StepForm = {
  Name: "Octopus.Script",
  Title: "Run a script",
  Summary: "",
  Category: "Scripts",
  ServerOnly: false,
  HasPrimaryPackage: false,
  Sections: [],
};

const only = (step: Step): Action => step.Actions[0] as Action;

describe("the steps of a process", () => {
  it("get free names and ids when they are made or copied", () => {
    const first = newStep(SCRIPT, []);
    const second = newStep(SCRIPT, [first]);
    expect([first.Name, second.Name]).toEqual(["Run a script", "Run a script 2"]);
    const copy = copyOf(first, [first, second]);
    expect(copy.Name).toBe("Run a script 3");
    expect(only(copy).Name).toBe("Run a script 3");
    expect(new Set([first.Id, copy.Id, only(first).Id, only(copy).Id]).size).toBe(4);
    expect(freeName("a", ["A"])).toBe("a 2");
  });

  it("of another project come without its channels and secrets", () => {
    const step = newStep(SCRIPT, []);
    const secret = { HasValue: true, NewValue: null, Hint: null };
    const theirs = {
      ...step,
      Actions: [{ ...only(step), Channels: ["Channels-9"], Properties: { a: "1", b: secret } }],
    };
    expect(only(adopted(theirs, []))).toMatchObject({ Channels: [], Properties: { a: "1" } });
    expect("b" in only(adopted(theirs, [])).Properties).toBe(false);
    expect("b" in only(copyOf(theirs, [])).Properties).toBe(false);
    expect([hasSecrets(theirs), hasSecrets(copyOf(theirs, []))]).toEqual([true, false]);
  });

  it("move within the ends of the list", () => {
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 2, -1)).toEqual(["c", "a", "b"]);
    expect(moved(["a"], 3, 0)).toEqual(["a"]);
  });

  it("read tags of older clients from a lone action, and write them to the step", () => {
    const step = newStep(SCRIPT, []);
    const old = {
      ...step,
      Actions: [{ ...only(step), Properties: { "Octopus.Action.TargetRoles": "web, db" } }],
    };
    expect(rolesOf(old)).toEqual(["web", "db"]);
    const now = withRoles(old, ["web"]);
    expect(rolesOf(now)).toEqual(["web"]);
    expect(only(now).Properties).toEqual({});
  });

  it("give a lone action the name of its step", () => {
    const step = renamed(newStep(SCRIPT, []), "Build");
    expect(only(step).Name).toBe("Build");
  });

  it("hold features as a list in which case does not count", () => {
    const on = withFeature(
      { "Octopus.Action.EnabledFeatures": ",Octopus.Features.customscripts" },
      "X",
      true,
    );
    expect(hasFeature(on, "Octopus.Features.CustomScripts")).toBe(true);
    expect(on["Octopus.Action.EnabledFeatures"]).toBe("Octopus.Features.customscripts,X");
    expect(withFeature({ "Octopus.Action.EnabledFeatures": "X" }, "x", false)).toEqual({});
  });

  it("keep one word for the primary package", () => {
    const action = {
      ...only(newStep(SCRIPT, [])),
      Properties: { "Octopus.Action.Package.PackageId": "old", "Octopus.Action.Package.FeedId": "Feeds-1" },
      Packages: [newReference("tool")],
    };
    const now = withPrimary(action, { ...newReference(""), PackageId: "web" });
    expect(now.Properties).toEqual({});
    expect(now.Packages.map((each) => each.Name)).toEqual(["", "tool"]);
  });

  it("are the same whatever the order of members and links", () => {
    expect(same({ a: 1, b: { c: 2 }, Links: { x: "1" } }, { b: { c: 2 }, a: 1, Links: {} })).toBe(true);
    expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  });
});
