import { newId, type Step } from "./model";
import type { Problem } from "./problems";

/** The steps as text to edit. Links are left out: the server makes them. */
export const asText = (steps: readonly Step[]): string =>
  JSON.stringify(steps, (key, value: unknown) => (key === "Links" ? undefined : value), 2);

/** What a text says: steps, or a sentence and the line it is about. */
export type Read = { steps: Step[] } | { message: string; line: number };

/** Reads steps from text. Members that may be left out are filled in by the server. */
export function fromText(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { message: `This is no JSON: ${message}.`, line: lineOfError(message, text) };
  }
  if (!Array.isArray(value)) return { message: "A process is a list of steps: [ … ].", line: 1 };
  const wrong = value.findIndex((step) => !isStep(step));
  if (wrong >= 0) return { message: `Step ${wrong + 1} is no object with Actions: [ … ].`, line: 1 };
  return { steps: value.map(completed) };
}

function isStep(value: unknown): boolean {
  if (!value || typeof value !== "object") return false;
  const { Actions } = value as { Actions?: unknown };
  return Array.isArray(Actions) && Actions.every((each) => each && typeof each === "object");
}

/** What the forms rely on, where the text leaves it out. */
function completed(step: Partial<Step>): Step {
  return {
    Name: "",
    Slug: "",
    PackageRequirement: "LetOctopusDecide",
    RequiresPackagesToBeAcquired: false,
    Condition: "Success",
    StartTrigger: "StartAfterPrevious",
    ...step,
    Id: step.Id || newId(),
    Properties: step.Properties ?? {},
    Links: {},
    Actions: (step.Actions ?? []).map((action) => ({
      ...action,
      Id: action.Id || newId(),
      Name: action.Name ?? "",
      Slug: action.Slug ?? "",
      ActionType: action.ActionType ?? "",
      Notes: action.Notes ?? null,
      IsDisabled: action.IsDisabled ?? false,
      IsRequired: action.IsRequired ?? false,
      Condition: action.Condition ?? "Success",
      Environments: action.Environments ?? [],
      ExcludedEnvironments: action.ExcludedEnvironments ?? [],
      Channels: action.Channels ?? [],
      TenantTags: action.TenantTags ?? [],
      Properties: action.Properties ?? {},
      Packages: action.Packages ?? [],
      GitDependencies: action.GitDependencies ?? [],
      Links: {},
    })),
  };
}

/** Engines say `… at position 12`, `… (line 3 column 5)` or neither. */
function lineOfError(message: string, text: string): number {
  const line = /line (\d+)/.exec(message)?.[1];
  if (line) return Number(line);
  const at = /position (\d+)/.exec(message)?.[1];
  return at ? text.slice(0, Number(at)).split("\n").length : text.split("\n").length;
}

/** The line of a path such as `Steps[1].Actions[0].Properties[Name]` in text that `asText` made; the nearest one there is. */
export function lineOfPath(path: string, text: string): number {
  const keys = [...path.replace(/^Steps/, "").matchAll(/\.?([A-Za-z]+)|\[([^\]]*)\]/g)].map(
    ([, member, inner]) => member ?? inner ?? "",
  );
  const lines = text.split("\n");
  let at = 0;
  let indent = 2;
  for (const key of keys) {
    const found = /^\d+$/.test(key)
      ? nthItem(lines, at, indent, Number(key))
      : lines.findIndex(
          (line, index) => index > at && line.startsWith(`${" ".repeat(indent)}${JSON.stringify(key)}:`),
        );
    if (found < 0) break;
    at = found;
    indent += 2;
  }
  return at + 1;
}

function nthItem(lines: readonly string[], from: number, indent: number, wanted: number): number {
  const opening = `${" ".repeat(indent)}{`;
  let seen = -1;
  for (let at = from; at < lines.length; at += 1) {
    if (lines[at]?.startsWith(opening)) seen += 1;
    if (seen === wanted) return at;
  }
  return -1;
}

/** Problems of the server as the editor marks them. */
export const marked = (problems: readonly Problem[], text: string): { line: number; message: string }[] =>
  problems.map((each) => ({ line: lineOfPath(each.path, text), message: each.text }));
