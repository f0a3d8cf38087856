import { FIELDS, type Field, isNew, isReference, isSensitive, type Row, sameField, sameRow } from "./model";

type Order = readonly string[];
type Ids = ReadonlySet<string>;

/** One thing that was done, with what it takes to take it back. */
interface Change {
  rows: readonly (readonly [id: string, before: Row | undefined, after: Row | undefined])[];
  order: readonly [Order, Order];
  removed: readonly [Ids, Ids];
}

/** A set while it is edited: what the server holds, what it is to become, and the way back. */
export interface Edits {
  readonly version: number;
  readonly base: ReadonlyMap<string, Row>;
  readonly order: Order;
  readonly rows: ReadonlyMap<string, Row>;
  /** Rows the server holds that go when the set is saved. */
  readonly removed: Ids;
  readonly past: readonly Change[];
  readonly future: readonly Change[];
}

export type Patch = Partial<Pick<Row, Field>>;

export type Action =
  | { do: "set"; patches: readonly (readonly [id: string, patch: Patch])[] }
  | { do: "paste"; patches: readonly (readonly [id: string, patch: Patch])[]; rows: readonly Row[] }
  | { do: "add"; rows: readonly Row[] }
  | { do: "remove"; ids: readonly string[] }
  | { do: "restore"; ids: readonly string[] }
  | { do: "undo" }
  | { do: "redo" }
  | { do: "replace"; edits: Edits };

const MOST_STEPS = 500;

/** A set as it was read, before anything is done to it. */
export function opened(version: number, rows: readonly Row[]): Edits {
  const known = new Map(rows.map((row) => [row.id, row]));
  return {
    version,
    base: known,
    order: rows.map((row) => row.id),
    rows: known,
    removed: new Set(),
    past: [],
    future: [],
  };
}

/** What becomes of a set by an action. What changes nothing is no step to undo. */
export function edited(state: Edits, action: Action): Edits {
  switch (action.do) {
    case "set":
      return done(state, { rows: patches(state, action.patches) });
    case "paste":
      return done(state, {
        rows: [
          ...patches(state, action.patches),
          ...action.rows.map((row) => [row.id, undefined, row] as const),
        ],
        order: [...action.rows.map((row) => row.id), ...state.order],
      });
    case "add":
      return done(state, {
        rows: action.rows.map((row) => [row.id, undefined, row] as const),
        order: [...action.rows.map((row) => row.id), ...state.order],
      });
    case "remove":
      return done(state, removal(state, action.ids));
    case "restore":
      return done(state, { removed: new Set([...state.removed].filter((id) => !action.ids.includes(id))) });
    case "undo":
      return undone(state);
    case "redo":
      return redone(state);
    case "replace":
      return action.edits;
  }
}

/** A row with some parts changed; a value that another type cannot have is dropped. */
export function patched(row: Row, patch: Patch): Row {
  const next = { ...row, ...patch };
  const type = patch.type;
  if (type === undefined || type === row.type || patch.value !== undefined) return next;
  if (type === "Sensitive") return isReference(row.type) ? { ...next, value: "" } : next;
  if (isSensitive(row)) return { ...next, value: "" };
  const keeps = type === "String" || (row.value ?? "").includes("#{");
  return keeps ? next : { ...next, value: "" };
}

function patches(
  state: Edits,
  given: readonly (readonly [string, Patch])[],
): readonly (readonly [string, Row, Row])[] {
  const found: (readonly [string, Row, Row])[] = [];
  for (const [id, patch] of given) {
    const row = state.rows.get(id);
    if (!row?.editable || state.removed.has(id)) continue;
    const next = patched(row, patch);
    const base = state.base.get(id);
    if (sameRow(row, next)) continue;
    found.push([id, row, base && sameRow(base, next) ? base : next]);
  }
  return found;
}

function removal(state: Edits, ids: readonly string[]): Partial<After> {
  const going = ids.flatMap((id) => state.rows.get(id) ?? []).filter((row) => row.editable);
  const made = new Set(going.filter(isNew).map((row) => row.id));
  return {
    rows: going.filter(isNew).map((row) => [row.id, row, undefined] as const),
    order: made.size > 0 ? state.order.filter((id) => !made.has(id)) : state.order,
    removed: new Set([...state.removed, ...going.filter((row) => !isNew(row)).map((row) => row.id)]),
  };
}

interface After {
  rows: Change["rows"];
  order: Order;
  removed: Ids;
}

function done(state: Edits, after: Partial<After>): Edits {
  const rows = after.rows ?? [];
  const order = after.order ?? state.order;
  const removed = after.removed ?? state.removed;
  if (rows.length === 0 && order.length === state.order.length && removed.size === state.removed.size)
    return state;
  const change: Change = { rows, order: [state.order, order], removed: [state.removed, removed] };
  return {
    ...state,
    rows: withRows(state.rows, rows, 2),
    order,
    removed,
    past: [...state.past, change].slice(-MOST_STEPS),
    future: [],
  };
}

function withRows(rows: Edits["rows"], changes: Change["rows"], to: 1 | 2): Edits["rows"] {
  if (changes.length === 0) return rows;
  const next = new Map(rows);
  for (const change of changes) {
    const row = change[to];
    if (row) next.set(change[0], row);
    else next.delete(change[0]);
  }
  return next;
}

function undone(state: Edits): Edits {
  const change = state.past.at(-1);
  if (!change) return state;
  return {
    ...state,
    rows: withRows(state.rows, change.rows, 1),
    order: change.order[0],
    removed: change.removed[0],
    past: state.past.slice(0, -1),
    future: [change, ...state.future],
  };
}

function redone(state: Edits): Edits {
  const [change, ...future] = state.future;
  if (!change) return state;
  return {
    ...state,
    rows: withRows(state.rows, change.rows, 2),
    order: change.order[1],
    removed: change.removed[1],
    past: [...state.past, change],
    future,
  };
}

/** The row a step was about, to go back to: the first it touched. */
export const touched = (state: Edits, by: "undo" | "redo"): string | undefined => {
  const change = by === "undo" ? state.past.at(-1) : state.future[0];
  const removed = change ? [...change.removed[1], ...change.removed[0]] : [];
  return change?.rows[0]?.[0] ?? removed[0];
};

/** What saving would do. */
export interface Review {
  added: readonly Row[];
  removed: readonly Row[];
  changed: readonly { before: Row; after: Row; fields: readonly Field[] }[];
  count: number;
}

/** What differs between what the server holds and what was made of it. */
export function reviewOf(state: Edits): Review {
  const added: Row[] = [];
  const removed: Row[] = [];
  const changed: { before: Row; after: Row; fields: readonly Field[] }[] = [];
  for (const id of state.order) {
    const after = state.rows.get(id);
    const before = state.base.get(id);
    if (!after) continue;
    if (!before) added.push(after);
    else if (state.removed.has(id)) removed.push(before);
    else if (after !== before) {
      const fields = FIELDS.filter((field) => !sameField(field, before, after));
      if (fields.length > 0) changed.push({ before, after, fields });
    }
  }
  return { added, removed, changed, count: added.length + removed.length + changed.length };
}

/** Whether anything would be saved. */
export const isDirty = (state: Edits): boolean =>
  state.removed.size > 0 || state.order.some((id) => state.rows.get(id) !== state.base.get(id));

/** The rows as they are to be saved, in their order. */
export const resulting = (state: Edits): readonly Row[] =>
  state.order.flatMap((id) => (state.removed.has(id) ? [] : (state.rows.get(id) ?? [])));
