import type { Schema } from "../../api/types";
import { t } from "../../text";

type Progression = Schema["ReleaseProgression"];

export interface PlaceOfRelease {
  environment: string;
  /** Why the release may not go there now; nothing if it may. */
  why?: string;
  deployed: boolean;
  task?: Schema["Task"];
  deployment?: Schema["Deployment"];
}

export interface PhaseOfRelease {
  id: string;
  name: string;
  progress: string;
  optional: boolean;
  /** How many environments must have it before the next phase opens. */
  needed: number;
  done: number;
  places: readonly PlaceOfRelease[];
}

/** How far a release is: each phase with its environments, the newest deployment in each, and what keeps it away. */
export function phasesOf(progression: Progression, defect: string | undefined): PhaseOfRelease[] {
  const phases = progression.Phases.map((phase) => {
    const environments = [
      ...new Set([...phase.AutomaticDeploymentTargets, ...phase.OptionalDeploymentTargets]),
    ];
    const made = phase.Deployments.map((each) => ({
      task: each.Task as Schema["Task"],
      deployment: each.Deployment as Schema["Deployment"],
    })).sort((a, b) => (b.deployment.Created ?? "").localeCompare(a.deployment.Created ?? ""));
    const reached = (id: string) =>
      made.some((each) => each.deployment.EnvironmentId === id && each.task.State === "Success");
    return { phase, environments, made, reached, done: environments.filter(reached).length };
  });
  const blocking = phases.find(
    ({ phase }) => !phase.Blocked && phase.Progress !== "Complete" && !phase.IsOptionalPhase,
  );
  return phases.map(({ phase, environments, made, reached, done }) => ({
    id: phase.Id,
    name: phase.Name,
    progress: phase.Progress,
    optional: phase.IsOptionalPhase,
    needed: phase.MinimumEnvironmentsBeforePromotion || environments.length,
    done,
    places: environments.map((environment) => {
      const newest = made.find((each) => each.deployment.EnvironmentId === environment);
      const deployed = reached(environment);
      return {
        environment,
        deployed,
        ...(newest ?? {}),
        ...(phase.Blocked && !deployed ? { why: whyBlocked(blocking, defect) } : {}),
      };
    }),
  }));
}

function whyBlocked(
  blocking: { phase: Schema["PhaseProgression"]; environments: readonly string[]; done: number } | undefined,
  defect: string | undefined,
): string {
  if (defect !== undefined || !blocking)
    return t("The release has an unresolved defect. Resolve it to let the release go on.");
  const count = blocking.phase.MinimumEnvironmentsBeforePromotion || blocking.environments.length;
  return t("Comes after {{phase}}, where {{done}} of {{count}} environments needed have it.", {
    phase: blocking.phase.Name,
    done: blocking.done,
    count,
  });
}
