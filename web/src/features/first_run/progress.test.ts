import { describe, expect, it } from "vitest";
import { progressOf, sampleSteps } from "./progress";

describe("the first-run guide", () => {
  it("begins with environments on an empty server", () => {
    expect(progressOf({ environments: 0, machines: 0, projects: 0, green: 0 }).next).toBe("environments");
  });

  it("leads to the first step that is missing, whatever was done before it", () => {
    const progress = progressOf({ environments: 2, machines: 0, projects: 1, green: 0 });
    expect(progress.next).toBe("machine");
    expect([...progress.done]).toEqual(["environments", "project"]);
  });

  it("is over with the first green deployment of a whole server", () => {
    expect(progressOf({ environments: 2, machines: 1, projects: 1, green: 1 }).next).toBeUndefined();
  });

  it("makes a step that runs where the tag is", () => {
    const [step] = sampleSteps("echo hi", "web");
    expect(step?.Properties["Octopus.Action.TargetRoles"]).toBe("web");
    expect(step?.Actions[0]?.Properties["Octopus.Action.Script.ScriptBody"]).toBe("echo hi");
  });
});
