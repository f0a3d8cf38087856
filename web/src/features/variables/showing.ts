import { served, t } from "../../text";
import type { Choices } from "./choices";
import { secretWord } from "./GridRow";
import { type Field, isReference, isSensitive, type Row, TYPE_WORDS } from "./model";
import type { ScopeBook } from "./scopes";

/** A part of a row in words, as reviews and merges show it; secrets say only what becomes of them. */
export function fieldText(row: Row, field: Field, book: ScopeBook, choices: Choices): string {
  if (field === "scope") return book.text(row.scope) || t("Everywhere");
  if (field === "type") return served(TYPE_WORDS[row.type] ?? row.type);
  if (field === "prompt") {
    if (!row.prompt) return t("not asked for");
    const { label, required, control } = row.prompt;
    return [label || row.name, control, required ? t("required") : t("optional")].join(", ");
  }
  if (field !== "value") return row[field];
  if (isSensitive(row)) return t(secretWord(row));
  if (isReference(row.type))
    return choices(row.type).find((each) => each.id === row.value)?.name ?? row.value ?? "";
  return row.value ?? "";
}
