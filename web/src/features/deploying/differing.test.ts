import { describe, expect, it } from "vitest";
import { chosenGroups, type Group, groupWords, opaqueSteps, placeWords, targetWords } from "./differing";

const step = (id: string, more: Partial<Group["Steps"][number]> = {}): Group["Steps"][number] => ({
  ActionId: id,
  ActionName: id,
  ActionNumber: "1",
  Change: "Same",
  Settings: [],
  Packages: [],
  Opaque: "",
  LastVersion: null,
  FailedSince: false,
  ...more,
});

const group = (targets: string[], more: Partial<Group> = {}): Group => ({
  Targets: targets.map((Id) => ({ Id, Name: Id.toLowerCase() })),
  Last: {
    DeploymentId: "Deployments-1",
    TaskId: "ServerTasks-1",
    ReleaseId: "Releases-1",
    ReleaseVersion: "1.2",
    State: "Success",
    CompletedTime: null,
  },
  Steps: [],
  Variables: [],
  HiddenVariables: 0,
  ...more,
});

const ALL = { only: [], without: [], skip: [] };

describe("what a deployment changes on its targets", () => {
  it("leaves out targets, steps and whole groups somebody chose to leave out, but never the server", () => {
    const groups = [group(["A", "B"], { Steps: [step("x"), step("y")] }), group(["C"]), group(["server"])];
    const found = chosenGroups(groups, { only: ["B"], without: [], skip: ["x"] });
    expect(found.map((each) => each.Targets.map((one) => one.Id))).toEqual([["B"], ["server"]]);
    expect(found[0]?.Steps.map((each) => each.ActionId)).toEqual(["y"]);
    expect(chosenGroups(groups, { ...ALL, without: ["C"] })).toHaveLength(2);
  });

  it("says in short from where to where, and what comes and goes", () => {
    const packages = [
      { Name: "", PackageId: "Web", Before: "1.0", After: "2.0" },
      { Name: "db", PackageId: "Db", Before: "1.0", After: "1.0" },
    ];
    const found = group(["A"], {
      Steps: [
        step("w", { Packages: packages }),
        step("n", { Change: "New" }),
        step("r", {
          Change: "Removed",
          Packages: [{ Name: "", PackageId: "Old", Before: "1", After: null }],
        }),
        step("h", { Change: "NotHere" }),
      ],
      Variables: [
        {
          Name: "Url",
          Change: "Changed",
          Before: "a",
          After: "b",
          IsSensitive: false,
          Through: "",
          Steps: [],
        },
      ],
      HiddenVariables: 1,
    });
    expect(groupWords(found, "1.4")).toEqual([
      "1.2 → 1.4",
      "1 package changes",
      "1 new step",
      "2 steps fall away",
      "2 variables change",
    ]);
  });

  it("tells the same release again, nothing known, and a target where nothing has run", () => {
    expect(groupWords(group(["A"]), "1.2")).toEqual(["1.2 again", "nothing else that is known"]);
    expect(groupWords(group(["A"], { Last: null }), "1.2")).toEqual([
      "nothing of this project has run here yet",
    ]);
  });

  it("counts steps nobody can foresee", () => {
    expect(
      opaqueSteps(group(["A"], { Steps: [step("a", { Opaque: "It runs a script." }), step("b")] })),
    ).toBe(1);
  });

  it("names few targets, and counts what is more", () => {
    expect(targetWords(group(["A", "B", "C", "D"]))).toBe("a, b, c, d");
    expect(targetWords(group(["A", "B", "C", "D", "E"]))).toBe("a, b, c and 2 more");
    expect(targetWords(group(["server"]))).toBe("Server or worker");
  });

  it("sums a place up in a line", () => {
    const groups = [group(["A", "B"]), group(["C"], { Last: null }), group(["server"])];
    expect(placeWords(groups, "1.4")).toBe("3 targets · 1.2 → 1.4 · 1 new");
  });
});
