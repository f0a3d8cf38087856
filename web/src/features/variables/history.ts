import type { Schema } from "../../api/types";
import type { Patch } from "./edits";
import { type Field, isSensitive, newRow, type Row, rowsOf, type Scope, sameField } from "./model";

/**
 * One thing that was done to a value of a set. `before` and `after` are what a field said, where the trail holds it; `part`
 * is the kind of things a scope was changed in, and `lost` what was deleted.
 */
export interface Step {
  id: string;
  event: string;
  when: string;
  who: string;
  /** The id of the value. */
  row: string;
  /** Its name, where the event tells it. */
  name?: string;
  kind: "made" | "changed" | "removed" | "secret";
  field?: Field;
  part?: string;
  before?: unknown;
  after?: unknown;
  lost?: Schema["Variable"];
}

interface Difference {
  Path?: string;
  Op?: string;
  OldValue?: unknown;
  Value?: unknown;
}

const FIELD: Record<string, Field> = {
  Name: "name",
  Value: "value",
  Description: "description",
  Type: "type",
  Scope: "scope",
  Prompt: "prompt",
};

/** What happened to the values of a set, the newest first, from its audit trail. Secrets show only that they were set. */
export function historyOf(events: readonly Schema["Event"][]): readonly Step[] {
  return events.flatMap((event) => {
    const head = { event: event.Id, when: event.Occurred, who: event.Username };
    const found = ((event.ChangeDetails?.Differences ?? []) as Difference[]).flatMap(stepsOf);
    return found.map((step, at) => ({ ...head, ...step, id: `${event.Id}/${at}` }));
  });
}

/** The steps of each save. */
export function bySave(
  steps: readonly Step[],
): readonly (readonly [event: string, steps: readonly Step[]])[] {
  const saves = new Map<string, Step[]>();
  for (const step of steps) {
    const held = saves.get(step.event);
    if (held) held.push(step);
    else saves.set(step.event, [step]);
  }
  return [...saves];
}

/** The names of values as far as a history tells them. */
export const namesIn = (steps: readonly Step[]): ReadonlyMap<string, string> =>
  new Map(steps.flatMap((step) => (step.name === undefined ? [] : [[step.row, step.name] as const])));

type Bare = Omit<Step, "id" | "event" | "when" | "who">;

function stepsOf(difference: Difference): readonly Bare[] {
  const path = difference.Path ?? "";
  if (path === "/Variables") return inList(difference);
  const [root, row = "", member, part] = path.split("/").slice(1);
  if (root !== "Variables" || !row) return [];
  if (member === undefined)
    return [
      whole(difference.Op === "remove" ? "removed" : "made", row, difference.OldValue, difference.Value),
    ];
  if (member === "SecretId") return [{ kind: "secret", row }];
  const field = FIELD[member];
  if (!field) return [];
  const { OldValue: before, Value: after } = difference;
  return [{ kind: "changed", row, field, ...(part === undefined ? {} : { part }), before, after }];
}

function whole(kind: "made" | "removed", row: string, before: unknown, after: unknown): Bare {
  const told = (kind === "made" ? after : before) as Schema["Variable"] | undefined;
  const name = told?.Name === undefined ? {} : { name: told.Name };
  return { kind, row, ...name, ...(kind === "removed" && told ? { lost: told } : {}) };
}

/** The first rows of an empty set, and the last that go, are told as the whole list. */
function inList(difference: Difference): readonly Bare[] {
  const rows = (list: unknown) => (Array.isArray(list) ? (list as Schema["Variable"][]) : []);
  const [old, now] = [rows(difference.OldValue), rows(difference.Value)];
  const gone = old.filter((each) => !now.some((other) => other.Id === each.Id));
  const come = now.filter((each) => !old.some((other) => other.Id === each.Id));
  return [
    ...come.map((each) => whole("made", each.Id, undefined, each)),
    ...gone.map((each) => whole("removed", each.Id, each, undefined)),
  ];
}

/** What brings a field of a value back to what it was; nothing where that is not known, or it is so already. */
export function patchOf(step: Step, row: Row): Patch | undefined {
  if (step.kind !== "changed" || !row.editable) return undefined;
  const patch = fieldBefore(step, row);
  return patch && step.field && !sameField(step.field, row, { ...row, ...patch }) ? patch : undefined;
}

function fieldBefore({ field, part, before }: Step, row: Row): Patch | undefined {
  if (field === "scope") return { scope: scopeBefore(row.scope, part, before) };
  if (typeof before !== "string") return undefined;
  if (field === "value") return isSensitive(row) ? undefined : { value: before };
  return field === "name" || field === "description" ? { [field]: before } : undefined;
}

function scopeBefore(scope: Scope, part: string | undefined, before: unknown): Scope {
  const { [part as keyof Scope]: _, ...others } = scope;
  const found = part === undefined ? before : Array.isArray(before) ? { ...others, [part]: before } : others;
  return (found ?? {}) as Scope;
}

/** A deleted value as a new row. Its secret does not come with it. */
export function broughtBack(lost: Schema["Variable"]): Row | undefined {
  const [row] = rowsOf({ Variables: [lost] });
  if (!row) return undefined;
  const { id: _, ...rest } = row;
  return newRow({ ...rest, value: isSensitive(row) ? "" : row.value, editable: true });
}

/** What a field said, as text. A scope is the things it names, which `names` says. */
export function saidIn(step: Step, which: "before" | "after", names: (scope: Scope) => string): string {
  const told = step[which];
  if (step.field === "scope") return names((step.part ? { [step.part]: told ?? [] } : (told ?? {})) as Scope);
  if (told === null || told === undefined) return "";
  return typeof told === "string" ? told : JSON.stringify(told);
}
