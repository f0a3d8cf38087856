import type { Schema } from "../../api/types";
import { bytes, t } from "../../text";
import type { Pair } from "./comparing";

type Deployment = Schema["Deployment"];

/** Two deployments to one environment; either side may have none. */
export interface Outcome {
  environment: string;
  before: Deployment | undefined;
  after: Deployment | undefined;
}

/** The last deployments of two releases, environment by environment. Lists are the newest first. */
export function outcomesOf(
  environments: readonly string[],
  before: readonly Deployment[],
  after: readonly Deployment[],
): Outcome[] {
  const last = (list: readonly Deployment[], id: string) => list.find((each) => each.EnvironmentId === id);
  return environments
    .map((environment) => ({
      environment,
      before: last(before, environment),
      after: last(after, environment),
    }))
    .filter((each) => each.before || each.after);
}

/** The targets only one of two deployments went to, by id. */
export function targetsApart({ before, after }: Outcome): { gone: string[]; come: string[] } {
  if (!before || !after) return { gone: [], come: [] };
  const [old, now] = [before.DeployedToMachineIds, after.DeployedToMachineIds];
  return {
    gone: old.filter((id) => !now.includes(id)),
    come: now.filter((id) => !old.includes(id)),
  };
}

/** How long a task took, in milliseconds; nothing while it runs or has not begun. */
export function took(task: Schema["Task"] | undefined): number | undefined {
  if (!task?.StartTime || !task.CompletedTime) return undefined;
  return new Date(task.CompletedTime).getTime() - new Date(task.StartTime).getTime();
}

/** The files two tasks left, by name, with their sizes; several of a name are summed up. */
export function artifactPairs(
  before: readonly Schema["Artifact"][],
  after: readonly Schema["Artifact"][],
): Pair[] {
  const sized = (list: readonly Schema["Artifact"][]) => {
    const found = new Map<string, { size: number; count: number }>();
    for (const { Filename, Size } of list) {
      const { size, count } = found.get(Filename) ?? { size: 0, count: 0 };
      found.set(Filename, { size: size + Size, count: count + 1 });
    }
    return found;
  };
  const [old, now] = [sized(before), sized(after)];
  const shown = (one: { size: number; count: number } | undefined) =>
    !one
      ? ""
      : one.count > 1
        ? t("{{n}} files, {{size}}", { n: one.count, size: bytes(one.size) })
        : bytes(one.size);
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((key) => ({ key, before: shown(old.get(key)), after: shown(now.get(key)) }));
}

/** What was answered differently when two deployments were asked for. Answers nobody may see are never told. */
export function answerPairs(before: Deployment, after: Deployment): Pair[] {
  const names = [...new Set([...Object.keys(before.FormValues), ...Object.keys(after.FormValues)])].sort();
  return names
    .map((key) => ({ key, before: before.FormValues[key] ?? "", after: after.FormValues[key] ?? "" }))
    .filter((pair) => pair.before !== pair.after);
}
