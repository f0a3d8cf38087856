import { type Message, t } from "../../text";
import { typeOf } from "./facts";
import type { Sized } from "./graph";
import {
  ACTION_CONDITION,
  type Action,
  flagOf,
  isDisabled,
  ON_SERVER,
  rolesOf,
  STEP_CONDITION,
  type Step,
  type StepForm,
  textOf,
  WINDOW,
} from "./model";

/** What kind of thing a fact of the graph tells; each has its sign. */
export type FactKind = "type" | "server" | "targets" | "window" | "condition" | "limits" | "off" | "wrong";

export interface Fact {
  kind: FactKind;
  text: string;
}

interface Named {
  Id: string;
  Name: string;
}

/** Names of what a process refers to by id. */
export interface Names {
  environments: readonly Named[];
  channels: readonly Named[];
  pools: readonly Named[];
}

const named = (ids: readonly string[], all: readonly Named[]): string =>
  ids.map((id) => all.find((each) => each.Id === id)?.Name ?? id).join(", ");

const CONDITIONS: Record<Step["Condition"], Message> = {
  Success: "",
  Failure: "Only if a step before failed",
  Always: "Always",
  Variable: "If {{expression}}",
};

/** What the graph says of a step: what it does, where, how many at a time, when, and for which environments and channels. */
export function factsOfStep(step: Step, types: readonly StepForm[], names: Names, problems: number): Fact[] {
  const [first] = step.Actions;
  const lone = step.Actions.length === 1 ? first : undefined;
  const facts: Fact[] = [];
  if (problems > 0)
    facts.push({
      kind: "wrong",
      text: t("{{count}} problems", { count: problems, one: "{{count}} problem" }),
    });
  if (isDisabled(step)) facts.push({ kind: "off", text: t("disabled") });
  facts.push({
    kind: "type",
    text: lone ? typeOf(lone, types) : t("{{count}} actions", { count: step.Actions.length }),
  });
  facts.push(placeOf(step, lone, names));
  const window = textOf(step.Properties, WINDOW);
  if (window) facts.push({ kind: "window", text: t("{{window}} at a time", { window }) });
  const condition = CONDITIONS[step.Condition];
  if (condition)
    facts.push({
      kind: "condition",
      text: t(condition, { expression: textOf(step.Properties, STEP_CONDITION) }),
    });
  return lone ? [...facts, ...limitsOf(lone, names)] : facts;
}

function placeOf(step: Step, lone: Action | undefined, names: Names): Fact {
  const roles = rolesOf(step).join(", ");
  if (!lone || !flagOf(lone.Properties, ON_SERVER))
    return { kind: "targets", text: roles ? t("on {{roles}}", { roles }) : t("No target tags yet") };
  const pool = lone.WorkerPoolId
    ? t("on a worker of {{pool}}", { pool: named([lone.WorkerPoolId], names.pools) })
    : t("on the server or a worker");
  return { kind: "server", text: roles ? t("{{place}}, for {{roles}}", { place: pool, roles }) : pool };
}

/** Where an action is left out, and on what condition of its own it runs. */
function limitsOf(action: Action, names: Names): Fact[] {
  const facts: Fact[] = [];
  const expression = textOf(action.Properties, ACTION_CONDITION);
  if (expression) facts.push({ kind: "condition", text: t("If {{expression}}", { expression }) });
  const limit = (text: Message, ids: readonly string[], all: readonly Named[]) => {
    if (ids.length > 0) facts.push({ kind: "limits", text: t(text, { names: named(ids, all) }) });
  };
  limit("Only in {{names}}", action.Environments, names.environments);
  limit("Not in {{names}}", action.ExcludedEnvironments, names.environments);
  limit("Only channel {{names}}", action.Channels, names.channels);
  return facts;
}

/** What the graph says of one of several actions of a step, in one line. */
export function wordsOfAction(action: Action, types: readonly StepForm[], names: Names): string {
  const off = action.IsDisabled ? [t("disabled")] : [];
  const server = flagOf(action.Properties, ON_SERVER) ? [t("on the server or a worker")] : [];
  const limits = limitsOf(action, names).map((each) => each.text);
  return [typeOf(action, types), ...off, ...server, ...limits].join(" · ");
}

/** How much room a step needs in the graph. */
export const sizeOf = (step: Step, facts: readonly Fact[]): Sized => ({
  id: step.Id,
  name: step.Name,
  condition: step.Condition,
  facts: facts.length,
  children: step.Actions.length > 1 ? step.Actions.map((each) => each.Id) : [],
});
