import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { byNumber, planOf, runs, sumOf } from "./plan";

const machine = (name: string) => ({
  Id: `Machines-${name}`,
  Name: name,
  HasLatestCalamari: true,
  Links: {},
});

const row = (number: string, more: Partial<Schema["PreviewStep"]> = {}): Schema["PreviewStep"] => ({
  ActionId: `action-${number}`,
  ActionName: `Step ${number}`,
  ActionNumber: number,
  Roles: [],
  MachineNames: [],
  Machines: [machine("a"), machine("b")],
  CanBeSkipped: true,
  IsDisabled: false,
  HasNoApplicableMachines: false,
  UnavailableMachines: [],
  ExcludedMachines: [],
  ...more,
});

const preview = (
  rows: Schema["PreviewStep"][],
  skips: Schema["PreviewSkip"][] = [],
): Schema["DeploymentPreview"] => ({
  StepsToExecute: rows,
  Form: { Values: {}, Elements: [] },
  UseGuidedFailureModeByDefault: false,
  Changes: [],
  ChangesMarkdown: "",
  StepsToSkip: skips,
  Problems: [],
  Warnings: [],
  Links: {},
});

const ALL = { only: [], without: [], skip: [] };

describe("the plan of a deployment", () => {
  it("has every step in the order of its numbers, those that do nothing with the reason", () => {
    const skip = {
      ActionId: "x",
      ActionName: "Smoke",
      ActionNumber: "2",
      Code: "Disabled",
      Reason: "It is disabled.",
    };
    const plan = planOf(preview([row("10"), row("1")], [skip]), ALL);
    expect(plan.steps.map((step) => step.number)).toEqual(["1", "2", "10"]);
    expect(plan.steps[1]?.skipped).toBe("It is disabled.");
    expect(plan.steps.map(runs)).toEqual([true, false, true]);
    expect(sumOf([plan])).toEqual({ targets: 2, steps: 2, skipped: 1, elsewhere: 0 });
  });

  it("leaves out targets and steps somebody chose to leave out, and still knows them", () => {
    const plan = planOf(preview([row("1"), row("2")]), {
      only: [],
      without: ["Machines-a"],
      skip: ["action-2"],
    });
    expect(plan.targets.map((each) => each.name)).toEqual(["b"]);
    expect(plan.known.map((each) => each.name)).toEqual(["a", "b"]);
    expect(plan.steps[0]?.away).toEqual([{ id: "Machines-a", name: "a", why: "left out" }]);
    expect(sumOf([plan])).toEqual({ targets: 1, steps: 1, skipped: 1, elsewhere: 0 });
  });

  it("takes part on chosen targets alone", () => {
    const plan = planOf(preview([row("1")]), { ...ALL, only: ["Machines-b"] });
    expect(plan.targets.map((each) => each.name)).toEqual(["b"]);
  });

  it("does nothing in a step all of whose targets are left out", () => {
    const plan = planOf(preview([row("1")]), { ...ALL, without: ["Machines-a", "Machines-b"] });
    expect(plan.steps.map(runs)).toEqual([false]);
  });

  it("counts a step of the server as one that runs, on no target", () => {
    const plan = planOf(preview([row("1", { Machines: [] })]), ALL);
    expect(sumOf([plan])).toEqual({ targets: 0, steps: 1, skipped: 0, elsewhere: 1 });
  });

  it("does not count a target twice that is in two environments", () => {
    const plan = planOf(preview([row("1")]), ALL);
    expect(sumOf([plan, plan]).targets).toBe(2);
  });

  it("sorts 2.10 behind 2.9, and 2 before 2.1", () => {
    expect(["2.10", "2.1", "3", "2.9", "2"].sort(byNumber)).toEqual(["2", "2.1", "2.9", "2.10", "3"]);
  });
});
