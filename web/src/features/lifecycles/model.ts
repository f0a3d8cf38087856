import type { Schema } from "../../api/types";
import { t } from "../../text";

export type Lifecycle = Schema["Lifecycle"];
export type Phase = Schema["Phase"];
export type Retention = Schema["Retention"];

const DEFAULT: Retention = { Strategy: "Default", Unit: "Items", QuantityToKeep: 0, ShouldKeepForever: null };

/** A lifecycle that is about to be made. */
export const newLifecycle = (): Lifecycle => ({
  Id: "",
  Version: 0,
  SpaceId: "",
  Name: "",
  Slug: "",
  Description: "",
  Phases: [],
  ReleaseRetentionPolicy: DEFAULT,
  TentacleRetentionPolicy: DEFAULT,
});

/** A phase with a name nobody has. */
export function newPhase(phases: readonly Phase[]): Phase {
  const taken = new Set(phases.map((phase) => phase.Name.toLowerCase()));
  let number = phases.length + 1;
  while (taken.has(`phase ${number}`)) number += 1;
  return {
    Id: "",
    Name: `Phase ${number}`,
    AutomaticDeploymentTargets: [],
    OptionalDeploymentTargets: [],
    MinimumEnvironmentsBeforePromotion: 0,
    IsOptionalPhase: false,
    IsPriorityPhase: false,
    ReleaseRetentionPolicy: null,
    TentacleRetentionPolicy: null,
  };
}

/** How many environments must have had a release before it may go on, in words. */
export function promotion(phase: Phase): string {
  const count = phase.AutomaticDeploymentTargets.length + phase.OptionalDeploymentTargets.length;
  if (phase.IsOptionalPhase) return t("may be skipped");
  const least = phase.MinimumEnvironmentsBeforePromotion;
  if (least === 0 || least >= count) return count > 1 ? t("all of them") : "";
  return t("{{least}} of {{count}}", { least, count });
}

/** What is kept, in words; `own` says whose word counts where nothing is said here. */
export function kept(policy: Retention | null | undefined, otherwise = t("as the lifecycle says")): string {
  if (!policy) return otherwise;
  if (policy.Strategy === "Default") return t("as the space says");
  if (policy.Strategy === "Forever" || policy.ShouldKeepForever) return t("for ever");
  const { QuantityToKeep: count } = policy;
  return policy.Unit === "Days"
    ? t("{{count}} days", { count, one: "{{count}} day" })
    : t("the newest {{count}}", { count });
}

/** Environments that no phase but this one names: an environment may be in one phase once. */
export function freeFor<Item extends { Id: string }>(
  phase: number,
  phases: readonly Phase[],
  environments: readonly Item[],
): Item[] {
  const taken = new Set(
    phases
      .filter((_, at) => at !== phase)
      .flatMap((each) => [...each.AutomaticDeploymentTargets, ...each.OptionalDeploymentTargets]),
  );
  return environments.filter((each) => !taken.has(each.Id));
}

/** The sentences about a phase, `Phases[1].Name: …`, without their place. */
export function ofPhase(sentences: readonly string[], phase: number): { field: string; text: string }[] {
  return sentences.flatMap((sentence) => {
    const found = /^Phases\[(\d+)\](?:\.([\w.]+))?: (.*)$/s.exec(sentence);
    if (!found || Number(found[1]) !== phase) return [];
    const text = found[3] ?? "";
    return [{ field: found[2] ?? "", text: text.charAt(0).toUpperCase() + text.slice(1) }];
  });
}
