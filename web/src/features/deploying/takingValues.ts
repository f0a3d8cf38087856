import type { Schema } from "../../api/types";
import { t } from "../../text";

export type Change = Schema["VariableChange"];

/** What names a change: a set may have values of the same id as another. */
export const keyOf = (change: Change): string => `${change.SetId} ${change.VariableId}`;

/** The request that takes the chosen changes. Those that are no changes any more are left out. */
export const takeBody = (
  found: Schema["VariableChanges"],
  chosen: ReadonlySet<string>,
  hidden: boolean,
): Schema["TakeVariableChanges"] => ({
  Digest: found.Digest,
  Take: found.Changes.filter((each) => chosen.has(keyOf(each))).map(({ SetId, VariableId }) => ({
    SetId,
    VariableId,
  })),
  TakeHidden: hidden,
});

/** Where a value holds, by names; "" for everywhere. */
export const scopeText = (state: Schema["VariableState"] | null): string =>
  Object.values(state?.Scope ?? {})
    .flat()
    .join(", ");

/** A value as a cell shows it: the text, or why there is none. */
export function shownValue(state: Schema["VariableState"] | null): { text: string; quiet: boolean } {
  if (!state) return { text: t("not there"), quiet: true };
  if (state.IsSensitive) return { text: t("a secret"), quiet: true };
  if (state.Value === null || state.Value === "") return { text: t("empty"), quiet: true };
  return { text: state.Value, quiet: false };
}

/** What differs besides the value, for whoever wonders why two equal values are a change. */
export function otherMembers(change: Change): string[] {
  const words: Record<string, string> = {
    Name: t("name"),
    Type: t("type"),
    Scope: t("scope"),
    Prompt: t("prompt"),
    Description: t("description"),
  };
  return change.Members.flatMap((each) => words[each] ?? []);
}
