import type { Schema } from "../../api/types";
import { asMoment } from "../../parts/localTime";
import { answersOf, type Question, type Times } from "./asking";
import type { Settings } from "./Options";
import type { Choice } from "./plan";

interface Chosen {
  project: string;
  version: string;
  environments: readonly string[];
  choice: Choice;
  questions: readonly Question[];
  given: Readonly<Record<string, string>>;
  times: Times;
  settings: Settings;
}

export type DeployBody = Partial<Schema["CreateDeploymentUntenantedV1"]>;

/** The request that deploys what was chosen; members that say nothing are left out. */
export function bodyOf(chosen: Chosen): DeployBody {
  const { settings, choice, times } = chosen;
  const variables = answersOf(chosen.questions, chosen.given);
  return {
    ProjectName: chosen.project,
    ReleaseVersion: chosen.version,
    EnvironmentNames: [...chosen.environments],
    ...(Object.keys(variables).length > 0 && { Variables: variables }),
    ...(choice.skip.length > 0 && { SkipStepNames: [...choice.skip] }),
    ...(choice.only.length > 0 && { SpecificMachineNames: [...choice.only] }),
    ...(choice.without.length > 0 && { ExcludedMachineNames: [...choice.without] }),
    ...(settings.guided !== "default" && { UseGuidedFailure: settings.guided === "on" }),
    ...(settings.download && { ForcePackageDownload: true }),
    ...(settings.redeploy && { ForcePackageRedeployment: true }),
    ...(settings.comments.trim() && { Comments: settings.comments.trim() }),
    ...(times.start && { RunAt: asMoment(times.start) ?? null }),
    ...(times.expiry && { NoRunAfter: asMoment(times.expiry) ?? null }),
  };
}
