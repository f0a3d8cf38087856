import { describe, expect, it } from "vitest";
import { newStep, type Step, type StepForm } from "./model";
import { factsOfStep, sizeOf, wordsOfAction } from "./nodes";

const SCRIPT: StepForm = {
  Name: "Octopus.Script",
  Title: "Run a script",
  Summary: "",
  Category: "Scripts",
  ServerOnly: false,
  HasPrimaryPackage: false,
  Sections: [],
};
const NAMES = {
  environments: [{ Id: "Environments-1", Name: "Production" }],
  channels: [{ Id: "Channels-1", Name: "Stable" }],
  pools: [{ Id: "WorkerPools-1", Name: "Builders" }],
};

function made(step: Partial<Step>, action: Partial<Step["Actions"][number]> = {}): Step {
  const plain = newStep(SCRIPT, []);
  return { ...plain, ...step, Actions: plain.Actions.map((each) => ({ ...each, ...action })) };
}

const told = (step: Step, problems = 0): string[] =>
  factsOfStep(step, [SCRIPT], NAMES, problems).map((each) => each.text);

describe("what the graph says of a step", () => {
  it("is its type, where it runs, its window and its condition", () => {
    const step = made({
      Condition: "Variable",
      Properties: {
        "Octopus.Action.TargetRoles": "web,db",
        "Octopus.Action.MaxParallelism": "2",
        "Octopus.Step.ConditionVariableExpression": "#{Go}",
      },
    });
    expect(told(step)).toEqual(["Run a script", "on web, db", "2 at a time", "If #{Go}"]);
    expect(told(made({ Condition: "Failure" }))).toContain("Only if a step before failed");
  });

  it("names environments, channels and pools, and by id what nobody knows", () => {
    const limits = {
      Environments: ["Environments-1"],
      ExcludedEnvironments: ["Environments-9"],
      Channels: ["Channels-1"],
      WorkerPoolId: "WorkerPools-1",
      Properties: { "Octopus.Action.RunOnServer": "True" },
    };
    expect(told(made({}, limits))).toEqual([
      "Run a script",
      "on a worker of Builders",
      "Only in Production",
      "Not in Environments-9",
      "Only channel Stable",
    ]);
  });

  it("begins with what is wrong and whether it is switched off", () => {
    expect(told(made({}, { IsDisabled: true }), 1).slice(0, 2)).toEqual(["1 problem", "disabled"]);
  });

  it("of several actions is told at each of them", () => {
    const [action] = made({}, { Environments: ["Environments-1"] }).Actions;
    const step = made({});
    const two = { ...step, Actions: action ? [...step.Actions, action] : [] };
    expect(told(two)[0]).toBe("2 actions");
    expect(told(two)).not.toContain("Only in Production");
    expect(action && wordsOfAction(action, [SCRIPT], NAMES)).toBe("Run a script · Only in Production");
    expect(sizeOf(two, []).children).toHaveLength(2);
    expect(sizeOf(step, []).children).toEqual([]);
  });
});
