import { describe, expect, it } from "vitest";
import { freeFor, kept, newPhase, ofPhase, type Phase, promotion } from "./model";

const phase = (more: Partial<Phase>): Phase => ({ ...newPhase([]), ...more });

describe("a lifecycle", () => {
  it("names a new phase as none is named", () => {
    expect(newPhase([phase({ Name: "Phase 2" })]).Name).toBe("Phase 3");
  });

  it("says how many environments must have had a release", () => {
    const two = { AutomaticDeploymentTargets: ["a"], OptionalDeploymentTargets: ["b"] };
    expect(promotion(phase(two))).toBe("all of them");
    expect(promotion(phase({ ...two, MinimumEnvironmentsBeforePromotion: 1 }))).toBe("1 of 2");
    expect(promotion(phase({ ...two, IsOptionalPhase: true }))).toBe("may be skipped");
    expect(promotion(phase({ OptionalDeploymentTargets: ["a"] }))).toBe("");
  });

  it("says what is kept", () => {
    const policy = { Strategy: "Count", Unit: "Days", QuantityToKeep: 1, ShouldKeepForever: false } as const;
    expect(kept(policy)).toBe("1 day");
    expect(kept({ ...policy, Unit: "Items", QuantityToKeep: 3 })).toBe("the newest 3");
    expect(kept({ ...policy, Strategy: "Forever" })).toBe("for ever");
    expect(kept(null)).toBe("as the lifecycle says");
  });

  it("offers each environment to one phase", () => {
    const phases = [
      phase({ OptionalDeploymentTargets: ["a"] }),
      phase({ AutomaticDeploymentTargets: ["b"] }),
    ];
    const environments = [{ Id: "a" }, { Id: "b" }, { Id: "c" }];
    expect(freeFor(1, phases, environments).map((each) => each.Id)).toEqual(["b", "c"]);
  });

  it("puts what the server says beside its phase", () => {
    const said = ["Phases[1].Name: 'x' is taken.", "Phases[1]: a stands twice.", "Name: is empty."];
    expect(ofPhase(said, 1)).toEqual([
      { field: "Name", text: "'x' is taken." },
      { field: "", text: "A stands twice." },
    ]);
    expect(ofPhase(said, 0)).toEqual([]);
  });
});
