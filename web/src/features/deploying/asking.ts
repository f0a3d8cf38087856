import type { Schema } from "../../api/types";
import { t } from "../../text";
import { isListed } from "./references";

/** A question to whoever deploys, as a prompted variable asks it. */
export interface Question {
  /** The id of the variable: the name of its form element. */
  key: string;
  name: string;
  label: string;
  help: string;
  control: "text" | "lines" | "secret" | "choice" | "yes" | "reference";
  /** The type of control as the server names it, such as `Certificate`. */
  kind: string;
  options: readonly { value: string; label: string }[];
  required: boolean;
  start: string;
}

interface Control {
  Name?: string;
  Label?: string;
  Description?: string;
  IsSecure?: boolean;
  DisplaySettings?: Record<string, string>;
}

const CONTROLS: Record<string, Question["control"]> = {
  SingleLineText: "text",
  MultiLineText: "lines",
  Sensitive: "secret",
  Select: "choice",
  Checkbox: "yes",
};

/** The questions of several previews, each variable once, in the server's order. */
export function questionsOf(forms: readonly Schema["Form"][]): Question[] {
  const found = new Map<string, Question>();
  for (const form of forms)
    for (const element of form.Elements) {
      const question = questionOf(element, form.Values[element.Name] ?? "");
      const key = question.name.toLowerCase();
      const before = found.get(key);
      if (!before) found.set(key, question);
      else if (question.required) before.required = true;
    }
  return [...found.values()];
}

function questionOf(element: Schema["FormElement"], start: string): Question {
  const control = element.Control as unknown as Control;
  const settings = control.DisplaySettings ?? {};
  const type = settings["Octopus.ControlType"] ?? "SingleLineText";
  return {
    key: element.Name,
    name: control.Name ?? element.Name,
    label: control.Label || control.Name || element.Name,
    help: control.Description ?? "",
    control: control.IsSecure ? "secret" : (CONTROLS[type] ?? (isListed(type) ? "reference" : "text")),
    kind: type,
    options: optionsOf(settings["Octopus.SelectOptions"] ?? ""),
    required: element.IsValueRequired,
    start,
  };
}

/** Lines of `value|label`. */
export function optionsOf(text: string): { value: string; label: string }[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const at = line.indexOf("|");
      return at < 0
        ? { value: line, label: line }
        : { value: line.slice(0, at), label: line.slice(at + 1) || line.slice(0, at) };
    });
}

/** Answers by the names of variables; only those that somebody gave or changed. */
export function answersOf(
  questions: readonly Question[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const question of questions) {
    const answer = given[question.key];
    if (answer !== undefined && !(question.control === "secret" && answer === ""))
      found[question.name] = answer;
  }
  return found;
}

/** Labels of questions that must be answered and are not. A secret may have a value to start with that nobody sees. */
export function unanswered(
  questions: readonly Question[],
  given: Readonly<Record<string, string>>,
): readonly string[] {
  return questions
    .filter((each) => each.required && each.control !== "secret" && !(given[each.key] ?? each.start).trim())
    .map((each) => each.label);
}

/** When a deployment starts and until when it may, as fields of `datetime-local` hold it; "" is now, or ever. */
export interface Times {
  start: string;
  expiry: string;
}

const LONGEST = 30 * 86_400_000;

/** Why the server would refuse these times; nothing if it would not. */
export function timeProblems({ start, expiry }: Times, now: number): { start?: string; expiry?: string } {
  const from = start ? new Date(start).getTime() : now;
  const until = expiry ? new Date(expiry).getTime() : undefined;
  const found: { start?: string; expiry?: string } = {};
  if (from > now + LONGEST) found.start = t("At most 30 days ahead.");
  if (start && from <= now) found.start = t("This moment has passed: choose a later one, or start now.");
  if (until !== undefined && until <= Math.max(now, from)) found.expiry = t("Must be after the start.");
  return found;
}
