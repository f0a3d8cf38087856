import { filled, formOf, type Values } from "./messages";

/**
 * An English text that people read. Texts of this type are collected for the catalogues of other languages wherever they
 * stand, so a table of words says `Record<State, Message>`.
 */
export type Message = string & { readonly isMessage?: never };

/**
 * The message catalogue. A message is its own English text, so that code reads as the page does; another language is
 * a catalogue of these texts with their translations. Plurals: `t("{{count}} machines", { count, one: "{{count}} machine" })`.
 */
export const languages: { language: string; locale: string; catalogue: ReadonlyMap<string, string> } = {
  language: "en",
  locale: "en",
  catalogue: new Map(),
};

const made = new Map<string, unknown>();

/** What takes far longer to make than to use, such as a formatter, is made once a locale. */
function once<T>(name: string, make: (locale: string) => T): T {
  const { locale } = languages;
  const key = `${name} ${locale}`;
  if (!made.has(key)) made.set(key, make(locale));
  return made.get(key) as T;
}

/** A message in the language of the page. `one` is the text for a count of one. */
export function t(text: Message, values?: Values & { count?: number; one?: Message }): string {
  const { one, count } = values ?? {};
  const wanted =
    one === undefined || count === undefined ? text : formOf(text, one, count, languages.language);
  const found = languages.catalogue.get(wanted) ?? wanted;
  return values ? filled(found, values) : found;
}

/** What the server says of step types and settings, in the language of the page where its catalogue has it. */
export const served = (text: string): string => t(text as Message);

/** A number as people write it here. */
export const number = (value: number): string =>
  once("number", (locale) => new Intl.NumberFormat(locale)).format(value);

/** A moment in the viewer's own zone, to the second. */
export const moment = (value: string | number | Date): string =>
  once(
    "moment",
    (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }),
  ).format(new Date(value));

/** The same moment in UTC. */
export const momentUtc = (value: string | number | Date): string =>
  `${once(
    "UTC",
    (locale) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" }),
  ).format(new Date(value))} UTC`;

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** How long ago, or how soon, in words: "3 minutes ago". `now` is in milliseconds. */
export function ago(value: string | number | Date, now: number): string {
  const away = Math.round((new Date(value).getTime() - now) / 1000);
  // What was rounded up, or told by a clock a little ahead, has happened: it is not to come.
  const seconds = away > 0 && away < 3 ? 0 : away;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  const words = once("ago", (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  return words.format(Math.trunc(seconds / size), unit);
}

/** A span as people say it: "850 ms", "12 s", "3 min 4 s", "2 h". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return t("{{n}} ms", { n: Math.max(0, Math.round(milliseconds)) });
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return t("{{n}} s", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  const said =
    minutes < 60
      ? t("{{minutes}} min {{seconds}} s", { minutes, seconds: seconds % 60 })
      : t("{{hours}} h {{minutes}} min", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return said.replace(/ 0 \S+$/, "");
}

/** A size of a file: "3.4 MB". */
export function bytes(count: number): string {
  const unit = (["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const)[
    Math.min(4, Math.floor(Math.log10(Math.max(1, count)) / 3))
  ];
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return new Intl.NumberFormat(languages.locale, {
    style: "unit",
    unit: unit ?? "byte",
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(count / 1000 ** power);
}
