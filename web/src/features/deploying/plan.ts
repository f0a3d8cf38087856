import type { Schema } from "../../api/types";

type Preview = Schema["DeploymentPreview"];

/** What somebody chose before deploying: ids of targets and of actions. An empty `only` means all targets. */
export interface Choice {
  only: readonly string[];
  without: readonly string[];
  skip: readonly string[];
}

export interface Target {
  id: string;
  name: string;
  /** Why it takes no part, if it does not. */
  why?: "unavailable" | "excluded" | "left out";
}

export interface PlannedStep {
  id: string;
  number: string;
  name: string;
  targets: readonly Target[];
  away: readonly Target[];
  /** It runs on the server or a worker, on no target. */
  elsewhere: boolean;
  skippable: boolean;
  /** Somebody chose to leave it out. */
  left: boolean;
  /** Why it does nothing here, in the server's words. */
  skipped: string;
}

/** What a deployment to one environment would do, with what was chosen. */
export interface Plan {
  steps: readonly PlannedStep[];
  /** Every target of the environment the process knows of, sorted by name. */
  known: readonly Target[];
  targets: readonly Target[];
  problems: readonly string[];
  warnings: readonly string[];
}

/** The plan the server previewed, with the choice laid over it: the server previews with nothing chosen. */
export function planOf(preview: Preview, choice: Choice): Plan {
  const why = new Map(preview.StepsToSkip.map((skip) => [skip.ActionId, skip.Reason]));
  const rows = preview.StepsToExecute.map((row) => stepOf(row, choice, why.get(row.ActionId) ?? ""));
  const shown = new Set(rows.map((row) => row.id));
  const others = preview.StepsToSkip.filter((skip) => !shown.has(skip.ActionId)).map(skippedStep);
  const steps = [...rows, ...others].sort((a, b) => byNumber(a.number, b.number));
  return {
    steps,
    known: unique(
      preview.StepsToExecute.flatMap((row) => [
        ...row.Machines.map(targetOf()),
        ...row.UnavailableMachines.map(targetOf("unavailable")),
        ...row.ExcludedMachines.map(targetOf("excluded")),
      ]),
    ),
    targets: unique(steps.filter(runs).flatMap((step) => step.targets)),
    problems: preview.Problems,
    warnings: preview.Warnings,
  };
}

/** Whether a step would do anything at all. */
export const runs = (step: PlannedStep): boolean =>
  !step.left && !step.skipped && (step.elsewhere || step.targets.length > 0);

function stepOf(row: Schema["PreviewStep"], choice: Choice, skipped: string): PlannedStep {
  const left = (id: string) =>
    choice.without.includes(id) || (choice.only.length > 0 && !choice.only.includes(id));
  const elsewhere =
    row.Machines.length === 0 &&
    row.UnavailableMachines.length === 0 &&
    row.ExcludedMachines.length === 0 &&
    !row.HasNoApplicableMachines;
  return {
    id: row.ActionId,
    number: row.ActionNumber,
    name: row.ActionName,
    targets: row.Machines.filter((each) => !left(each.Id)).map(targetOf()),
    away: [
      ...row.Machines.filter((each) => left(each.Id)).map(targetOf("left out")),
      ...row.UnavailableMachines.map(targetOf("unavailable")),
      ...row.ExcludedMachines.map(targetOf("excluded")),
    ],
    elsewhere,
    skippable: row.CanBeSkipped,
    left: choice.skip.includes(row.ActionId),
    skipped,
  };
}

const skippedStep = (skip: Schema["PreviewSkip"]): PlannedStep => ({
  id: skip.ActionId,
  number: skip.ActionNumber,
  name: skip.ActionName,
  targets: [],
  away: [],
  elsewhere: false,
  skippable: false,
  left: false,
  skipped: skip.Reason,
});

const targetOf =
  (why?: Target["why"]) =>
  (machine: Schema["PreviewMachine"]): Target => ({
    id: machine.Id,
    name: machine.Name,
    ...(why ? { why } : {}),
  });

function unique(targets: readonly Target[]): Target[] {
  const found = new Map<string, Target>();
  for (const each of targets) {
    const before = found.get(each.id);
    if (!before || (before.why && !each.why)) found.set(each.id, each);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Numbers of actions, "2.10" after "2.9". */
export function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(".").map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const apart = (left?.[at] ?? -1) - (right?.[at] ?? -1);
    if (apart) return apart;
  }
  return 0;
}

/** How much several plans do together. A target in two environments counts once. */
export interface Sum {
  targets: number;
  steps: number;
  skipped: number;
  elsewhere: number;
}

export function sumOf(plans: readonly Plan[]): Sum {
  const steps = plans.flatMap((plan) => plan.steps);
  return {
    targets: new Set(plans.flatMap((plan) => plan.targets.map((each) => each.id))).size,
    steps: steps.filter(runs).length,
    skipped: steps.filter((step) => !runs(step)).length,
    elsewhere: steps.filter((step) => runs(step) && step.elsewhere).length,
  };
}
