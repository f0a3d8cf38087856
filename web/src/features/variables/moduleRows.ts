import { newRow, type Row } from "./model";

/** The languages a script module may be written in, by their names in the API. */
export const LANGUAGES = ["Bash", "PowerShell", "Python"] as const;

const BODY = "Octopus.Script.Module[";
const LANGUAGE = "Octopus.Script.Module.Language[";

/** What the two variables of a script module say. */
export function moduleOf(rows: readonly Row[]): { body: string; language: string } {
  const find = (head: string) => rows.find((row) => row.name.startsWith(head))?.value;
  return { body: find(BODY) ?? "", language: find(LANGUAGE) ?? "Bash" };
}

/** The rows of a set with a module's text and language put in. */
export function withModule(
  rows: readonly Row[],
  name: string,
  body: string,
  language: string,
): readonly Row[] {
  const put = (found: readonly Row[], head: string, value: string): readonly Row[] => {
    const there = found.find((row) => row.name.startsWith(head));
    if (there) return found.map((row) => (row === there ? { ...row, value } : row));
    return [...found, newRow({ name: `${head}${name}]`, value })];
  };
  return put(put(rows, BODY, body), LANGUAGE, language);
}
