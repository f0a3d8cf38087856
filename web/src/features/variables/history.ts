import type { Schema } from "../../api/types";
import type { Field } from "./model";

/** One thing that was done to a value. `text` is what the value was before, where the trail holds it. */
export interface Step {
  id: string;
  when: string;
  who: string;
  kind: "made" | "changed" | "removed" | "secret";
  field?: string;
  before?: string;
  after?: string;
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

const shown = (value: unknown): string | undefined =>
  value === null || value === undefined
    ? undefined
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** What happened to one value, the newest first, from the audit trail of its set. Secrets show only that they were set. */
export function historyOf(events: readonly Schema["Event"][], id: string): readonly Step[] {
  return events.flatMap((event) => {
    const head = { when: event.Occurred, who: event.Username };
    const found = ((event.ChangeDetails?.Differences ?? []) as Difference[]).flatMap((each) =>
      stepsOf(each, id),
    );
    return found.map((step, at) => ({ ...head, ...step, id: `${event.Id}/${at}` }));
  });
}

type Bare = Omit<Step, "id" | "when" | "who">;

function stepsOf(difference: Difference, id: string): readonly Bare[] {
  const path = difference.Path ?? "";
  if (path === "/Variables") return inList(difference, id);
  const head = `/Variables/${id}`;
  if (path === head) return [{ kind: difference.Op === "remove" ? "removed" : "made" }];
  if (!path.startsWith(`${head}/`)) return [];
  const [member = ""] = path.slice(head.length + 1).split("/");
  if (member === "SecretId") return [{ kind: "secret" }];
  const field = FIELD[member];
  if (!field) return [];
  const step: Bare = { kind: "changed", field };
  const before = shown(difference.OldValue);
  const after = shown(difference.Value);
  return [
    { ...step, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
  ];
}

/** The first rows of an empty set, and the last that go, are told as the whole list. */
function inList(difference: Difference, id: string): readonly Bare[] {
  const holds = (list: unknown) =>
    Array.isArray(list) && list.some((each: { Id?: string } | null) => each?.Id === id);
  if (holds(difference.Value) && !holds(difference.OldValue)) return [{ kind: "made" }];
  return holds(difference.OldValue) && !holds(difference.Value) ? [{ kind: "removed" }] : [];
}
