/** What fills the places of a message. */
export type Values = Record<string, string | number>;

/**
 * A message with its `{{places}}` filled. `one` is the form for a count of one, as the language counts.
 *
 * A place without a value stays as it is written, so that a fault can be seen.
 */
export function filled(text: string, values: Values): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Which form of a message fits a count: the one for one, or the usual one. */
export function formOf(text: string, one: string, count: number, language: string): string {
  return new Intl.PluralRules(language).select(count) === "one" ? one : text;
}
