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
