import { isSensitive, type Row, type Scope, scopeKey } from "./model";

/** Something about a row that is probably not meant. `code` as the server's, and some of our own. */
export interface Warning {
  code:
    | "duplicate"
    | "unreachable"
    | "ambiguous"
    | "short-secret"
    | "unresolved"
    | "looks-secret"
    | "no-secret"
    | "no-name";
  text: string;
}

export type Warnings = ReadonlyMap<string, readonly Warning[]>;
type Say = (text: string, values?: Record<string, string>) => string;

const keys = new WeakMap<Scope, string>();
const keyOf = (scope: Scope): string => {
  let key = keys.get(scope);
  if (key === undefined) {
    key = scopeKey(scope);
    keys.set(scope, key);
  }
  return key;
};

const places = new WeakMap<Row, string>();
const placeOf = (row: Row): string => {
  let place = places.get(row);
  if (place === undefined) {
    place = `${row.name.toLowerCase()}\n${keyOf(row.scope)}`;
    places.set(row, place);
  }
  return place;
};

const nameOf = (row: Row): string => {
  const place = placeOf(row);
  return place.slice(0, place.indexOf("\n"));
};

/** Rows of which another has the same name and scope. */
export function duplicates(rows: readonly Row[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  const found = new Set<string>();
  for (const row of rows) {
    if (!row.name) continue;
    const key = placeOf(row);
    const other = first.get(key);
    if (other === undefined) first.set(key, row.id);
    else {
      found.add(other);
      found.add(row.id);
    }
  }
  return found;
}

const TOKEN = /#\{([^{}]*)\}/g;
const LOCAL = /^each\s+(\S+)\s+in\s+(.+)$/;
const DECIDES = /^(?:if|unless)\s+(.+)$/;
const OWN = /^(octopus|env|machine)[.:[]/i;

/** The variables a text mentions, without those its loops make. */
export function mentions(text: string): readonly string[] {
  if (!text.includes("#{")) return [];
  const locals = new Set<string>();
  const found = new Set<string>();
  for (const [, inner = ""] of text.matchAll(TOKEN)) {
    const said = inner.trim();
    if (!said || said.startsWith("/") || said === "else") continue;
    const loop = LOCAL.exec(said);
    if (loop) locals.add((loop[1] ?? "").toLowerCase());
    const asked = loop?.[2] ?? DECIDES.exec(said)?.[1] ?? said;
    const name = (asked.split(/\s*(?:\||==|!=)\s*/)[0] ?? "").trim();
    if (name && !/["'\s]/.test(name)) found.add(name);
  }
  return [...found].filter((name) => !locals.has((name.split(/[.[]/)[0] ?? "").toLowerCase()));
}

/** Whether a name, or what it is a part of, is known. `Octopus.` names come when a deployment runs. */
export function isKnown(name: string, known: ReadonlySet<string>): boolean {
  let path = name.toLowerCase();
  if (OWN.test(path) || path.startsWith("octopus")) return true;
  while (path) {
    if (known.has(path)) return true;
    const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["), path.lastIndexOf(":"));
    path = cut > 0 ? path.slice(0, cut) : "";
  }
  return false;
}

const SECRET_NAME =
  /(password|passwd|passphrase|\bpwd\b|secret|credential|api[-_. ]?key|private[-_. ]?key|access[-_. ]?key|auth[-_. ]?token|access[-_. ]?token|\btoken$)/i;
const SECRET_VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bxox[abprs]-|\beyJ[A-Za-z0-9_-]{10,}\.eyJ|\b(?:password|pwd)\s*=\s*(?!#\{)[^;\s]{3,}/i;

/** Whether a value that everybody reads looks like one nobody should. */
export function looksSecret(row: Row): boolean {
  if (row.type !== "String" || !row.value) return false;
  if (SECRET_VALUE.test(row.value)) return true;
  return (
    SECRET_NAME.test(row.name) && !row.value.includes("#{") && !/^(true|false|\d{1,5})$/i.test(row.value)
  );
}

const SHORT = 3;

interface Own {
  warnings: readonly Warning[];
  mentions: readonly string[];
}

const owns = new WeakMap<Row, Own>();

/** What a row by itself is warned of, and what it mentions; worked out once a row, which never changes. */
function ownOf(row: Row, say: Say): Own {
  let found = owns.get(row);
  if (!found) {
    found = { warnings: own(row, say), mentions: isSensitive(row) ? [] : mentions(row.value ?? "") };
    owns.set(row, found);
  }
  return found;
}

function own(row: Row, say: Say): readonly Warning[] {
  const found: Warning[] = [];
  if (!row.name.trim()) found.push({ code: "no-name", text: say("This row has no name yet.") });
  if (looksSecret(row))
    found.push({
      code: "looks-secret",
      text: say(
        "This looks like a secret, and everybody who sees the variables reads it. Make its type Sensitive.",
      ),
    });
  if (!isSensitive(row)) return found;
  if (row.value && row.value.length <= SHORT)
    found.push({
      code: "short-secret",
      text: say("A secret of three characters or fewer is not hidden in logs. Use a longer one."),
    });
  const unset = row.value === "" || (row.value === null && row.isSet === false);
  if (unset && !row.prompt)
    found.push({ code: "no-secret", text: say("This sensitive variable has no value.") });
  return found;
}

function unresolved(names: readonly string[], known: ReadonlySet<string>, say: Say): readonly Warning[] {
  const lost = names.filter((name) => !isKnown(name, known));
  return lost.map((name) => ({
    code: "unresolved",
    text: say("Nothing here is called {{name}}; it stays as it is written.", { name }),
  }));
}

/**
 * What of the rows is probably not meant, by row: what is found here at once, and what the server said of rows that have not
 * changed since.
 *
 * `known` are lower-case names of variables from elsewhere, or nothing where that cannot be known; `told` are the server's warnings with the rows they are about.
 */
export function warningsOf(
  rows: readonly Row[],
  known: ReadonlySet<string> | undefined,
  told: readonly { Code: string; Message: string; VariableIds: readonly string[] }[],
  same: (id: string) => boolean,
  say: Say,
): Warnings {
  const found = new Map<string, Warning[]>();
  const put = (id: string, warning: Warning) => {
    const there = found.get(id);
    if (!there) found.set(id, [warning]);
    else if (!there.some((each) => each.code === warning.code && each.code !== "unresolved"))
      there.push(warning);
  };
  const names = known && new Set(known);
  if (names) for (const row of rows) names.add(nameOf(row));
  for (const row of rows) {
    const { warnings, mentions } = ownOf(row, say);
    for (const warning of warnings) put(row.id, warning);
    if (names && mentions.length > 0)
      for (const warning of unresolved(mentions, names, say)) put(row.id, warning);
  }
  for (const id of duplicates(rows))
    put(id, {
      code: "duplicate",
      text: say("Another row has the same name and scope. The one further down always wins."),
    });
  const here = new Set(rows.map((row) => row.id));
  for (const each of told) {
    if (each.Code === "duplicate" || !each.VariableIds.every((id) => here.has(id) && same(id))) continue;
    for (const id of each.VariableIds) put(id, { code: each.Code as Warning["code"], text: each.Message });
  }
  return found;
}
