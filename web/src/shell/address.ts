/** What an address says under a name, as text: the router reads `?q=12` as a number. Nothing where it says nothing. */
export const text = (value: unknown): string | undefined =>
  typeof value === "object" || value === undefined || value === "" ? undefined : String(value);

/**
 * What an address says under some names.
 *
 * A name under which it says nothing is there as undefined: the router would else keep what it cannot mean.
 */
export function texts<Name extends string>(
  search: Record<string, unknown>,
  names: readonly Name[],
): { [name in Name]?: string } {
  return Object.fromEntries(names.map((name) => [name, text(search[name])])) as { [name in Name]?: string };
}

/** One of some words; nothing for any other. */
export const oneOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value);

/** Those of a list joined with commas that are known, joined again; nothing for none. */
export const someOf = (words: readonly string[], value: unknown): string | undefined =>
  (text(value) ?? "")
    .split(",")
    .filter((each) => words.includes(each))
    .join(",") || undefined;

/** The number of a page of a list beyond the first; nothing for what is no such number. */
export function page(value: unknown): number | undefined {
  const found = Number(value);
  return Number.isInteger(found) && found > 1 ? found : undefined;
}

/** A day there is, such as 2026-11-22. */
export const day = (value: unknown): string | undefined =>
  typeof value === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value)
    ? value
    : undefined;
