import type { Schema } from "../../api/types";
import { t } from "../../text";
import type { Choice } from "./plan";

/** Targets on which the same changes. */
export type Group = Schema["TargetDifferences"];
export type StepDifference = Schema["StepDifference"];

/** What stands for the server and its workers among targets. */
export const SERVER = "server";

/** The groups with what was chosen laid over them: targets and steps that are left out change nothing. */
export function chosenGroups(groups: readonly Group[], { only, without, skip }: Choice): Group[] {
  const takesPart = (id: string) =>
    id === SERVER || (!without.includes(id) && (only.length === 0 || only.includes(id)));
  return groups
    .map((group) => ({
      ...group,
      Targets: group.Targets.filter((each) => takesPart(each.Id)),
      Steps: group.Steps.filter((each) => !skip.includes(each.ActionId)),
    }))
    .filter((group) => group.Targets.length > 0);
}

/** Packages of a step that come in another version than is there. */
export const movedPackages = (step: StepDifference): Schema["PackageDifference"][] =>
  step.Packages.filter((each) => each.Before !== each.After && each.After !== null);

/** In short, what is another on the targets of a group: "1.2 → 1.4", "1 new step", "2 variables change". */
export function groupWords(group: Group, version: string): string[] {
  const { Last, Steps } = group;
  if (!Last) return [t("nothing of this project has run here yet")];
  const count = (change: StepDifference["Change"]) => Steps.filter((each) => each.Change === change).length;
  const variables = group.Variables.length + group.HiddenVariables;
  const packages = Steps.reduce((sum, step) => sum + movedPackages(step).length, 0);
  const gone = count("Removed") + count("NotHere");
  const counted: readonly [number, (count: number) => string][] = [
    [packages, (n) => t("{{count}} packages change", { count: n, one: "{{count}} package changes" })],
    [count("New"), (n) => t("{{count}} new steps", { count: n, one: "{{count}} new step" })],
    [count("Changed"), (n) => t("{{count}} changed steps", { count: n, one: "{{count}} changed step" })],
    [gone, (n) => t("{{count}} steps fall away", { count: n, one: "{{count}} step falls away" })],
    [variables, (n) => t("{{count}} variables change", { count: n, one: "{{count}} variable changes" })],
  ];
  const said = counted.filter(([n]) => n > 0).map(([n, words]) => words(n));
  const way =
    Last.ReleaseVersion === version
      ? t("{{version}} again", { version })
      : t("{{before}} → {{after}}", { before: Last.ReleaseVersion, after: version });
  return [way, ...(said.length > 0 ? said : [t("nothing else that is known")])];
}

/** How many steps of a group do what nobody can tell beforehand. */
export const opaqueSteps = (group: Group): number => group.Steps.filter((each) => each.Opaque).length;

const NAMED = 3;

/** The targets of a group: all by name, or some and how many more. */
export function targetWords(group: Group): string {
  const names = group.Targets.map((each) => (each.Id === SERVER ? t("Server or worker") : each.Name));
  const more = names.length - NAMED;
  return more > 1
    ? t("{{names}} and {{n}} more", { names: names.slice(0, NAMED).join(", "), n: more })
    : names.join(", ");
}

/** How many targets and steps of a whole plan are touched, for the line above the groups. */
export function placeWords(groups: readonly Group[], version: string): string {
  const targets = groups.flatMap((group) => group.Targets).filter((each) => each.Id !== SERVER).length;
  const from = [...new Set(groups.map((group) => group.Last?.ReleaseVersion).filter(Boolean))];
  const fresh = groups.filter((group) => !group.Last).flatMap((group) => group.Targets).length;
  const parts = [
    targets > 0 && t("{{count}} targets", { count: targets, one: "{{count}} target" }),
    from.length > 0 && t("{{before}} → {{after}}", { before: from.join(", "), after: version }),
    fresh > 0 && t("{{n}} new", { n: fresh }),
  ].filter((part): part is string => Boolean(part));
  return parts.join(" · ");
}
