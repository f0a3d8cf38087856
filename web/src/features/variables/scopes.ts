import type { Schema } from "../../api/types";
import type { Message } from "../../text";
import { SCOPE_KINDS, type Scope, type ScopeKind } from "./model";

/** Something a value may be limited to. */
export interface Option {
  kind: ScopeKind;
  id: string;
  name: string;
}

export const KIND_WORDS: Record<ScopeKind, Message> = {
  Environment: "Environments",
  Role: "Target tags",
  Machine: "Machines",
  Action: "Steps",
  Channel: "Channels",
  ProcessOwner: "Processes",
};

/** One thing of a kind, for a chip's label and for screen readers. */
export const KIND_WORD: Record<ScopeKind, Message> = {
  Environment: "environment",
  Role: "target tag",
  Machine: "machine",
  Action: "step",
  Channel: "channel",
  ProcessOwner: "process",
};

/** Kinds whose things are plain names, or that this book does not know. */
const FREE = new Set<string>(["Role", "Tenant", "TenantTag"]);

/** Everything a set's values may be limited to, in the order in which it is offered. */
export class ScopeBook {
  readonly options: readonly Option[];
  readonly #names: ReadonlyMap<string, string>;
  readonly #byName: ReadonlyMap<string, Option>;

  constructor(values: Schema["ScopeValues"] | null | undefined) {
    const given: Record<ScopeKind, readonly { Id: string; Name: string }[]> = {
      Environment: values?.Environments ?? [],
      Role: values?.Roles ?? [],
      Machine: values?.Machines ?? [],
      Action: values?.Actions ?? [],
      Channel: values?.Channels ?? [],
      ProcessOwner: values?.Processes ?? [],
    };
    this.options = SCOPE_KINDS.flatMap((kind) =>
      given[kind].map((each) => ({ kind, id: each.Id, name: each.Name })),
    );
    this.#names = new Map(this.options.map((each) => [`${each.kind}/${each.id}`, each.name]));
    this.#byName = new Map([...this.options].reverse().map((each) => [each.name.toLowerCase(), each]));
  }

  /** The name of a thing; its id where it is gone. */
  name(kind: string, id: string): string {
    return this.#names.get(`${kind}/${id}`) ?? id;
  }

  /** Whether a thing of a kind is still there. */
  has(kind: string, id: string): boolean {
    return this.#names.has(`${kind}/${id}`);
  }

  /** The things of a scope in the order of their kinds. */
  chips(scope: Scope): readonly { kind: string; id: string; name: string; gone: boolean }[] {
    const kinds = [...SCOPE_KINDS, "Tenant", "TenantTag"] as const;
    return kinds.flatMap((kind) =>
      (scope[kind] ?? []).map((id) => ({
        kind,
        id,
        name: this.name(kind, id),
        gone: !FREE.has(kind) && !this.has(kind, id),
      })),
    );
  }

  /** A scope as text: names with commas, which `read` understands again. */
  text(scope: Scope): string {
    return this.chips(scope)
      .map((each) => each.name)
      .join(", ");
  }

  /** The scope a text of names means, and the names nobody has. */
  read(text: string): { scope: Scope; unknown: readonly string[] } {
    let scope: Scope = {};
    const unknown: string[] = [];
    for (const part of text.split(/[,;\n]/)) {
      const name = part.trim();
      if (!name) continue;
      const found = this.#byName.get(name.toLowerCase());
      if (found) scope = added(scope, found.kind, found.id);
      else unknown.push(name);
    }
    return { scope, unknown };
  }
}

/** A scope with one more thing. */
export function added(scope: Scope, kind: ScopeKind, id: string): Scope {
  const ids = scope[kind] ?? [];
  return ids.includes(id) ? scope : { ...scope, [kind]: [...ids, id] };
}

/** A scope with a thing put in or taken out. */
export function toggled(scope: Scope, kind: ScopeKind, id: string): Scope {
  const ids = scope[kind] ?? [];
  if (!ids.includes(id)) return added(scope, kind, id);
  const { [kind]: _, ...rest } = scope;
  const left = ids.filter((each) => each !== id);
  return left.length > 0 ? { ...rest, [kind]: left } : rest;
}

export type Bulk = "add" | "remove" | "replace";

/** A scope after a change for many rows at once. */
export function changed(scope: Scope, how: Bulk, what: Scope): Scope {
  if (how === "replace") return what;
  let found = scope;
  for (const kind of SCOPE_KINDS)
    for (const id of what[kind] ?? []) {
      const has = (found[kind] ?? []).includes(id);
      if (has === (how === "remove")) found = toggled(found, kind, id);
    }
  return found;
}

/** The target tag a text would be, where no machine has it yet. */
export function newTag(options: readonly Option[], text: string): Option | undefined {
  const name = text.trim();
  const known = options.some(
    (each) => each.kind === "Role" && each.name.toLowerCase() === name.toLowerCase(),
  );
  return name && !known ? { kind: "Role", id: name, name } : undefined;
}

/** Options whose name has every word of a text, the ones that begin with it first. */
export function matching(options: readonly Option[], text: string): readonly Option[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  return options.filter((each) => {
    const name = `${each.name} ${KIND_WORDS[each.kind]}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}
