/** A sentence of the server about a process, and where it belongs. */
export interface Problem {
  /** Place of the step and of its action; undefined for the process as a whole, or the step. */
  step?: number;
  action?: number;
  /** The member or the property: `Name`, `Octopus.Action.Script.ScriptBody`, `Packages[0].PackageId`. */
  field: string;
  /** The path as the server said it. */
  path: string;
  text: string;
}

const PATH = /^(Steps(?:\[(\d+)\])?(?:\.Actions\[(\d+)\])?(?:\.((?:[A-Za-z]+(?:\[[^\]]*\])?\.?)*))?): (.*)$/s;

/** Reads `Steps[1].Actions[0].Properties[Octopus.Action.…]: must be …`. A sentence without a path belongs to the whole. */
export function problemOf(sentence: string): Problem {
  const found = PATH.exec(sentence);
  if (!found) return { field: "", path: "", text: sentence };
  const [, path = "", step, action, member = "", text = ""] = found;
  const property = /^Properties\[(.*)\]$/.exec(member)?.[1];
  return {
    ...(step === undefined ? {} : { step: Number(step) }),
    ...(action === undefined ? {} : { action: Number(action) }),
    field: property ?? member,
    path,
    text: text.charAt(0).toUpperCase() + text.slice(1),
  };
}

/** All sentences of a refusal, each once. */
export const problemsOf = (sentences: readonly string[]): Problem[] => [...new Set(sentences)].map(problemOf);

/** What is said of a step as a whole or of its own members, not of its actions. */
export const ofStep = (problems: readonly Problem[], step: number): Problem[] =>
  problems.filter((each) => each.step === step && each.action === undefined);

/** What is said of an action. */
export const ofAction = (problems: readonly Problem[], step: number, action: number): Problem[] =>
  problems.filter((each) => each.step === step && each.action === action);

const isAt = ({ field }: Problem, name: string): boolean =>
  field === name || field.startsWith(`${name}[`) || field.startsWith(`${name}.`);

/** The sentences for a field, for Mantine's `error`; undefined for none. A list's entries count to the list. */
export function errorAt(problems: readonly Problem[], ...fields: readonly string[]): string | undefined {
  const found = problems.filter((each) => fields.some((name) => isAt(each, name)));
  return found.length > 0 ? found.map((each) => each.text).join(" ") : undefined;
}

/** The sentences no field of a form shows, which must stand above it. */
export const elsewhere = (problems: readonly Problem[], shown: readonly string[]): Problem[] =>
  problems.filter((each) => !shown.some((name) => isAt(each, name)));
