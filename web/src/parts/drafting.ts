/** What a form changes of something that was loaded as `base`. */
export interface Held<T> {
  base: T;
  changes: Partial<T>;
}

const same = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

const versionOf = (value: object): unknown => (value as { Version?: unknown }).Version;

/** What stands in the form. */
export const draftOf = <T extends object>(held: Held<T> | undefined, current: T): T =>
  held ? { ...held.base, ...held.changes } : current;

/** The form after a change; with the first one the version that is loaded is held. */
export const changed = <T extends object>(
  held: Held<T> | undefined,
  current: T,
  change: Partial<T>,
): Held<T> => ({
  base: held?.base ?? current,
  changes: { ...held?.changes, ...change },
});

/** Whether somebody else has saved since the form was begun. */
export const hasMoved = <T extends object>(held: Held<T> | undefined, current: T): boolean =>
  held !== undefined && versionOf(current) !== undefined && versionOf(current) !== versionOf(held.base);

/** The members both the form and somebody else have changed, each to something else. */
export function clashes<T extends object>(held: Held<T>, current: T): string[] {
  const mine = Object.keys(held.changes) as (keyof T & string)[];
  return mine.filter(
    (name) => !same(current[name], held.base[name]) && !same(current[name], held.changes[name]),
  );
}

/** The form's changes on top of what somebody else has saved. */
export const rebased = <T extends object>(held: Held<T>, current: T): Held<T> => ({ ...held, base: current });

/** What is left of the form after `sent` was saved as `saved`: what was typed meanwhile. */
export function afterSaving<T extends object>(
  held: Held<T> | undefined,
  sent: T,
  saved: T,
): Held<T> | undefined {
  const left = Object.entries(held?.changes ?? {}).filter(
    ([name, value]) => !same(value, sent[name as keyof T]),
  );
  return left.length > 0 ? { base: saved, changes: Object.fromEntries(left) as Partial<T> } : undefined;
}
