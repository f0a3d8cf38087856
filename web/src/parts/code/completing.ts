import type { Completion, Language } from "./helpers";
import { helpersOf } from "./helpers";

/** What may stand at the cursor: from where it replaces, and the offers with the text each puts there. */
export interface Offer {
  from: number;
  offers: readonly {
    label: string;
    detail?: string | undefined;
    apply: string;
    kind: "variable" | "function";
  }[];
}

const OPEN = /#\{\s*(?:(?:if|unless|each\s+[\w.]+\s+in)\s+)?([^#{}|\s]*)$/i;
const WORD = /[$\w][\w-]*$/;

/**
 * What completes the text before the cursor: names of variables within `#{`, else helper functions of the language.
 *
 * `before` is the line up to the cursor, `after` the rest of it; a `}` that is there already is not put again. `asked` is
 * whether somebody asked for it by keys: then a word need not have begun.
 */
export function offersFor(
  before: string,
  after: string,
  variables: readonly Completion[],
  language: Language,
  asked = false,
): Offer | undefined {
  const open = OPEN.exec(before);
  if (open) {
    const end = /^[^\s#{}]*\}/.test(after) ? "" : "}";
    return {
      from: before.length - (open[1]?.length ?? 0),
      offers: variables.map(({ label, detail }) => ({ label, detail, apply: label + end, kind: "variable" })),
    };
  }
  const helpers = helpersOf(language);
  const word = WORD.exec(before)?.[0] ?? "";
  if (helpers.length === 0 || (!asked && word.length < 2)) return undefined;
  return {
    from: before.length - word.length,
    offers: helpers.map(({ label, detail }) => ({ label, detail, apply: label, kind: "function" })),
  };
}
