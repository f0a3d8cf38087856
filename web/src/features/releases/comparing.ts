import type { Schema } from "../../api/types";

/** A line of a comparison: the same on both sides, or not. "" stands for not there. */
export interface Pair {
  key: string;
  before: string;
  after: string;
}

const paired = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Pair[] =>
  [...new Set([...before.keys(), ...after.keys()])].map((key) => ({
    key,
    before: before.get(key) ?? "",
    after: after.get(key) ?? "",
  }));

/** Whether a line says something new. */
export const changed = (pair: Pair): boolean => pair.before !== pair.after;

const labelOf = (each: Schema["SelectedPackage"]) =>
  each.PackageReferenceName ? `${each.ActionName} · ${each.PackageReferenceName}` : each.ActionName;

/** The packages of two releases, by action. */
export const packagesOf = (
  before: readonly Schema["SelectedPackage"][],
  after: readonly Schema["SelectedPackage"][],
): Pair[] =>
  paired(
    new Map(before.map((each) => [labelOf(each), each.Version])),
    new Map(after.map((each) => [labelOf(each), each.Version])),
  );

/** A process as lines of text, so that two can be laid side by side. */
export function processText(process: Schema["DeploymentProcess"]): string {
  const lines: string[] = [];
  process.Steps.forEach((step, at) => {
    lines.push(
      `${at + 1}. ${step.Name}`,
      `   condition: ${step.Condition}`,
      `   start: ${step.StartTrigger}`,
    );
    lines.push(...properties(step.Properties, "   "));
    for (const action of step.Actions) {
      lines.push(`   - ${action.Name} (${action.ActionType})${action.IsDisabled ? ", disabled" : ""}`);
      if (action.Environments.length > 0) lines.push(`     environments: ${action.Environments.join(", ")}`);
      if (action.Channels.length > 0) lines.push(`     channels: ${action.Channels.join(", ")}`);
      for (const one of action.Packages)
        lines.push(`     package ${one.Name ?? ""}: ${one.PackageId ?? ""} from ${one.FeedId ?? ""}`);
      lines.push(...properties(action.Properties, "     "));
    }
    lines.push("");
  });
  return lines.join("\n");
}

function properties(found: Readonly<Record<string, unknown>>, indent: string): string[] {
  return Object.keys(found)
    .sort()
    .flatMap((name) => {
      const value = found[name];
      const text = value !== null && typeof value === "object" ? "(a secret)" : String(value ?? "");
      const [first = "", ...rest] = text.split("\n");
      return [`${indent}${name}: ${first}`, ...rest.map((line) => `${indent}  ${line}`)];
    });
}

/** The variables of two releases that are not the same, by name and scope. A secret's value is never told. */
export function variablesOf(
  before: readonly Schema["VariableSet"][],
  after: readonly Schema["VariableSet"][],
): Pair[] {
  return paired(valuesOf(before), valuesOf(after))
    .filter(changed)
    .sort((a, b) => a.key.localeCompare(b.key));
}

function valuesOf(sets: readonly Schema["VariableSet"][]): Map<string, string> {
  const found = new Map<string, string>();
  for (const set of sets) {
    const names = scopeNames(set.ScopeValues);
    for (const variable of set.Variables) {
      const scope = Object.entries(variable.Scope ?? {})
        .map(([kind, ids]) => `${kind} ${(ids ?? []).map((id) => names.get(id) ?? id).join(", ")}`)
        .sort()
        .join("; ");
      const key = scope ? `${variable.Name} (${scope})` : variable.Name;
      found.set(key, variable.IsSensitive ? "(a secret)" : String(variable.Value ?? ""));
    }
  }
  return found;
}

/** The names of what a set's variables may be scoped to, by id. */
function scopeNames(values: Schema["VariableSet"]["ScopeValues"]): Map<string, string> {
  const { Environments = [], Machines = [], Actions = [], Channels = [], Processes = [] } = values ?? {};
  const all = [...Environments, ...Machines, ...Actions, ...Channels, ...Processes];
  return new Map(all.map(({ Id, Name }) => [Id, Name]));
}

/** The commits of a release that another one does not have, each once. */
export function commitsBeyond(
  release: readonly Schema["BuildInformation"][],
  other: readonly Schema["BuildInformation"][],
): Schema["CommitDetails"][] {
  const known = new Set(other.flatMap((build) => build.Commits.map((each) => each.Id)));
  const found = new Map<string, Schema["CommitDetails"]>();
  for (const commit of release.flatMap((build) => build.Commits))
    if (!known.has(commit.Id)) found.set(commit.Id, commit);
  return [...found.values()];
}
