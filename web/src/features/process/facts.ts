import { served, t } from "../../text";
import {
  type Action,
  flagOf,
  isDisabled,
  ON_SERVER,
  rolesOf,
  type Step,
  type StepForm,
  textOf,
  WINDOW,
} from "./model";

/** What a list says of a step in a few words: its type, where it runs, and what is unusual about it. */
export function factsOf(step: Step, at: number, types: readonly StepForm[]): string[] {
  const facts: string[] = [];
  const [first] = step.Actions;
  if (first && step.Actions.length === 1) facts.push(typeOf(first, types));
  else facts.push(t("{{count}} actions", { count: step.Actions.length }));
  const roles = rolesOf(step);
  if (roles.length > 0) facts.push(t("on {{roles}}", { roles: roles.join(", ") }));
  else if (first && flagOf(first.Properties, ON_SERVER)) facts.push(t("on the server or a worker"));
  const window = textOf(step.Properties, WINDOW);
  if (window) facts.push(t("{{window}} at a time", { window }));
  if (at > 0 && step.StartTrigger === "StartWithPrevious") facts.push(t("together with the one before"));
  if (step.Condition === "Failure") facts.push(t("only after a failure"));
  if (step.Condition === "Always") facts.push(t("always"));
  if (step.Condition === "Variable") facts.push(t("if its expression is true"));
  if (step.Actions.some((action) => action.Environments.length + action.ExcludedEnvironments.length > 0))
    facts.push(t("some environments"));
  if (step.Actions.some((action) => action.Channels.length > 0)) facts.push(t("some channels"));
  if (isDisabled(step)) facts.push(t("disabled"));
  return facts;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The type of an action as people call it, or as the API does where this server does not know it. */
export const typeOf = (action: Action, types: readonly StepForm[]): string =>
  served(types.find((each) => same(each.Name, action.ActionType))?.Title ?? action.ActionType);
