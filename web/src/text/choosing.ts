import { languages } from ".";

/** The languages the portal speaks, by their codes, each by its own name. */
export const NAMES = { en: "English", id: "Bahasa Indonesia" } as const;
export type Language = keyof typeof NAMES;

/** Where the chosen language is kept. */
const KEPT = "gurita-language";

const isOurs = (code: string): code is Language => Object.hasOwn(NAMES, code);
const base = (locale: string) => locale.split("-")[0] ?? "";

/** The language to speak, and how its speaker writes dates and numbers: what was chosen, else the browser's, else English. */
export function spoken(
  chosen: string | null,
  wished: readonly string[],
): { language: Language; locale: string } {
  const language = [chosen ?? "", ...wished.map(base)].find((code): code is Language => isOurs(code)) ?? "en";
  return { language, locale: wished.find((locale) => base(locale) === language) ?? language };
}

/** Makes the page speak its language. Only another one than English is fetched; if that fails, the page speaks English. */
export async function speak(): Promise<void> {
  try {
    const { language, locale } = spoken(localStorage.getItem(KEPT), navigator.languages);
    if (language === "id")
      languages.catalogue = new Map(Object.entries((await import("./languages/id.json")).default));
    Object.assign(languages, { language, locale });
    document.documentElement.lang = language;
  } catch {}
}

/** Keeps the choice and loads the page again, as every text of it changes. */
export function choose(language: Language): void {
  localStorage.setItem(KEPT, language);
  window.location.reload();
}
