import { type LanguageSupport, StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import type { Language } from "./helpers";

const LOADERS: Record<Language, () => Promise<Extension | LanguageSupport>> = {
  bash: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell),
  powershell: async () =>
    StreamLanguage.define((await import("@codemirror/legacy-modes/mode/powershell")).powerShell),
  python: async () => (await import("@codemirror/lang-python")).python(),
  json: async () => (await import("@codemirror/lang-json")).json(),
  yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
  text: async () => [],
};

/** The grammar of a language, fetched when it is first wanted. */
export const grammar = (language: Language): Promise<Extension> => LOADERS[language]();
