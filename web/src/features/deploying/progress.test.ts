import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { phasesOf } from "./progress";

const made = (environment: string, state: string, created: string): Schema["PhaseDeployment"] => ({
  Task: { Id: `t-${created}`, State: state },
  Deployment: { EnvironmentId: environment, Created: created },
});

const phase = (name: string, environments: string[], more: Partial<Schema["PhaseProgression"]> = {}) => ({
  Id: name,
  Name: name,
  Blocked: false,
  Progress: "Current",
  Deployments: [],
  AutomaticDeploymentTargets: [],
  OptionalDeploymentTargets: environments,
  MinimumEnvironmentsBeforePromotion: 0,
  IsOptionalPhase: false,
  IsPriorityPhase: false,
  ...more,
});

const progression = (...phases: Schema["PhaseProgression"][]): Schema["ReleaseProgression"] => ({
  Phases: phases,
  NextDeployments: [],
  NextDeploymentsMinimumRequired: 0,
});

describe("how far a release is", () => {
  it("says which phase keeps it from the next one, and how much is missing", () => {
    const found = phasesOf(
      progression(
        phase("Test", ["E1", "E2"], { Deployments: [made("E1", "Success", "1")] }),
        phase("Live", ["E3"], { Blocked: true, Progress: "Pending" }),
      ),
      undefined,
    );
    expect(found[0]?.places.map((each) => each.why)).toEqual([undefined, undefined]);
    expect(found[1]?.places[0]?.why).toBe("Comes after Test, where 1 of 2 environments needed have it.");
  });

  it("shows the newest deployment of each place, and counts a place it once reached", () => {
    const deployments = [made("E1", "Success", "1"), made("E1", "Failed", "2")];
    const [first] = phasesOf(progression(phase("Test", ["E1"], { Deployments: deployments })), undefined);
    expect(first?.places[0]).toMatchObject({ deployed: true, task: { Id: "t-2" } });
    expect(first).toMatchObject({ done: 1, needed: 1 });
  });

  it("speaks of a defect before all else", () => {
    const held = phasesOf(
      progression(phase("Test", ["E1"]), phase("Live", ["E2"], { Blocked: true })),
      "it leaks",
    );
    expect(held[1]?.places[0]?.why).toContain("unresolved defect");
  });
});
