import { type Edits, opened, patched } from "./edits";
import { FIELDS, type Field, isSensitive, newRow, type Row, sameField, sameRow } from "./model";

/** What somebody has done to a set, with what each row was before: enough to do it again on a newer set. */
export interface Draft {
  version: number;
  changed: readonly { base: Row; yours: Row }[];
  added: readonly Row[];
  removed: readonly Row[];
}

/** What has not been saved; nothing for nothing. */
export function draftOf(state: Edits): Draft | undefined {
  const rows = state.order.flatMap((id) => state.rows.get(id) ?? []);
  const changed = rows.flatMap((yours) => {
    const base = state.base.get(yours.id);
    return base && base !== yours && !state.removed.has(yours.id) ? [{ base, yours }] : [];
  });
  const added = rows.filter((row) => !state.base.has(row.id));
  const removed = [...state.removed].flatMap((id) => state.base.get(id) ?? []);
  if (changed.length + added.length + removed.length === 0) return undefined;
  return { version: state.version, changed, added, removed };
}

/** A draft that may be kept where others could look: secrets that were typed are left out. */
export function withoutSecrets(draft: Draft): Draft {
  const bare = (row: Row): Row =>
    isSensitive(row) && row.value ? { ...row, value: row.id.startsWith("new-") ? "" : null } : row;
  return {
    ...draft,
    changed: draft.changed
      .map(({ base, yours }) => ({ base, yours: bare(yours) }))
      .filter(({ base, yours }) => !sameRow(base, yours)),
    added: draft.added.map(bare),
  };
}

/** Whether a draft holds a secret that only this page knows. */
export const hasSecrets = (draft: Draft | undefined): boolean =>
  [...(draft?.added ?? []), ...(draft?.changed.map((each) => each.yours) ?? [])].some(
    (row) => isSensitive(row) && Boolean(row.value),
  );

/** Where two people did different things. `field` is missing where a whole row is at stake. */
export interface Conflict {
  key: string;
  kind: "both-changed" | "they-removed" | "you-removed";
  field?: Field;
  base: Row;
  yours: Row;
  theirs: Row | undefined;
}

export type Choice = "yours" | "theirs";

/** Does what a draft says to a newer set; what both changed in different ways is left as theirs, and told. */
export function merged(
  version: number,
  theirs: readonly Row[],
  draft: Draft,
): { edits: Edits; conflicts: readonly Conflict[] } {
  const fresh = opened(version, theirs);
  const rows = new Map(fresh.rows);
  const removed = new Set<string>();
  const conflicts: Conflict[] = [];
  for (const { base, yours } of draft.changed) {
    const their = fresh.rows.get(base.id);
    if (!their) conflicts.push(whole("they-removed", base, yours, undefined));
    else rows.set(base.id, fieldByField(base, yours, their, conflicts));
  }
  for (const base of draft.removed) {
    const their = fresh.rows.get(base.id);
    if (their && differs(base, their)) conflicts.push(whole("you-removed", base, base, their));
    else if (their) removed.add(base.id);
  }
  for (const row of draft.added) rows.set(row.id, row);
  const order = [...draft.added.map((row) => row.id), ...fresh.order];
  return { edits: { ...fresh, rows, order, removed }, conflicts };
}

const differs = (base: Row, their: Row): boolean => FIELDS.some((field) => theyChanged(field, base, their));

/** Secrets do not show what they are; their stamp shows that they were set anew. */
function theyChanged(field: Field, base: Row, their: Row): boolean {
  if (!sameField(field, base, their)) return true;
  return field === "value" && base.stamp !== undefined && base.stamp !== their.stamp;
}

function fieldByField(base: Row, yours: Row, their: Row, conflicts: Conflict[]): Row {
  let row = their;
  for (const field of FIELDS) {
    if (sameField(field, base, yours)) continue;
    const alike = sameField(field, yours, their) && !(field === "value" && isSensitive(yours));
    if (!theyChanged(field, base, their)) row = { ...row, [field]: yours[field] };
    else if (!alike)
      conflicts.push({ key: `${base.id}/${field}`, kind: "both-changed", field, base, yours, theirs: their });
  }
  return sameRow(row, their) ? their : row;
}

const whole = (kind: Conflict["kind"], base: Row, yours: Row, theirs: Row | undefined): Conflict => ({
  key: base.id,
  kind,
  base,
  yours,
  theirs,
});

/** The set after somebody has chosen for every conflict. A row the others removed comes back as a new one. */
export function resolved(
  edits: Edits,
  conflicts: readonly Conflict[],
  choices: ReadonlyMap<string, Choice>,
): Edits {
  const rows = new Map(edits.rows);
  const removed = new Set(edits.removed);
  const back: Row[] = [];
  for (const { key, kind, field, base, yours } of conflicts) {
    if (choices.get(key) !== "yours") continue;
    if (kind === "you-removed") removed.add(base.id);
    else if (kind === "they-removed") {
      const { id: _, isSet: _set, stamp: _stamp, ...rest } = yours;
      back.push(newRow({ ...rest, value: yours.value ?? "" }));
    } else if (field) {
      const row = rows.get(base.id);
      if (row) rows.set(base.id, patched(row, { [field]: yours[field], ...withType(field, yours) }));
    }
  }
  for (const row of back) rows.set(row.id, row);
  return { ...edits, rows, removed, order: [...back.map((row) => row.id), ...edits.order] };
}

/** A type comes with its value. */
const withType = (field: Field, yours: Row) => (field === "type" ? { value: yours.value } : {});
