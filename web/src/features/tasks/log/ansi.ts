import Anser, { type AnserJsonEntry } from "anser";

/** A piece of a line: its text, and the classes that say how it looks. */
export interface Span {
  text: string;
  /** Names of colours and weights: `red`, `bright-blue`, `on-yellow`, `bold`, `dim`, `italic`, `underline`, `strike`. */
  looks: readonly string[];
  kind: "plain" | "masked" | "control";
  hit: boolean;
}

/** What the server puts in place of a secret. */
export const MASK = "********";

const ESCAPE = "\u001b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' own sequences are what is looked for
const TITLES = /\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SPECIAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const PIECES = new RegExp(`(${SPECIAL.source}|\\*{8})`, "g");

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
const SAMPLES: readonly (readonly [string, number, number, number])[] = [
  ["black", 0, 0, 0],
  ["red", 190, 30, 30],
  ["green", 30, 150, 50],
  ["yellow", 170, 130, 0],
  ["blue", 40, 80, 200],
  ["magenta", 160, 50, 170],
  ["cyan", 20, 150, 170],
  ["white", 200, 200, 200],
  ["bright-black", 110, 110, 110],
  ["bright-red", 255, 90, 90],
  ["bright-green", 90, 230, 110],
  ["bright-yellow", 250, 220, 80],
  ["bright-blue", 100, 150, 255],
  ["bright-magenta", 240, 120, 240],
  ["bright-cyan", 90, 230, 240],
  ["bright-white", 255, 255, 255],
];

/** The one of the sixteen named colours that is nearest to an RGB colour: only those are readable in both themes. */
export function nearest(red: number, green: number, blue: number): string {
  let best = "white";
  let least = Number.POSITIVE_INFINITY;
  for (const [name, r, g, b] of SAMPLES) {
    const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

/** A colour as the library names it, as one of the sixteen. */
function colour(name: string | null, truecolor: string | null): string | undefined {
  if (!name) return undefined;
  const plain = /^ansi-(bright-)?(\w+)$/.exec(name);
  if (plain && NAMES.includes(plain[2] as (typeof NAMES)[number])) return `${plain[1] ?? ""}${plain[2]}`;
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  if (palette) return ofPalette(Number(palette[1]));
  const [r, g, b] = (truecolor ?? "").split(",").map(Number);
  return nearest(r ?? 0, g ?? 0, b ?? 0);
}

function ofPalette(index: number): string {
  if (index < 16) return `${index >= 8 ? "bright-" : ""}${NAMES[index % 8] ?? "white"}`;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return nearest(grey, grey, grey);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const at = index - 16;
  return nearest(level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6));
}

const WEIGHTS: Record<string, string> = {
  bold: "bold",
  dim: "dim",
  italic: "italic",
  underline: "underline",
  strikethrough: "strike",
};

function looksOf(entry: AnserJsonEntry): string[] {
  const looks: string[] = [];
  const fg = colour(entry.fg, entry.fg_truecolor);
  const bg = colour(entry.bg, entry.bg_truecolor);
  if (fg) looks.push(fg);
  if (bg) looks.push(`on-${bg}`);
  for (const each of entry.decorations) {
    const weight = WEIGHTS[each];
    if (weight) looks.push(weight);
  }
  return looks;
}

/** A character that would not be seen, or would turn text around, as one that is seen. */
export function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "␡" : `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

function pieces(text: string, looks: readonly string[]): Span[] {
  if (!SPECIAL.test(text) && !text.includes(MASK)) return [{ text, looks, kind: "plain", hit: false }];
  return text
    .split(PIECES)
    .filter((each) => each !== "")
    .map((each) => {
      if (each === MASK) return { text: each, looks, kind: "masked", hit: false };
      if (SPECIAL.test(each)) return { text: visible(each), looks, kind: "control", hit: false };
      return { text: each, looks, kind: "plain", hit: false };
    });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const COLONS = /\u001b\[([\d;:]*:[\d;:]*)m/g;

/** Colours written with colons, which the library does not read, with semicolons. */
function oneNotation(text: string): string {
  if (!text.includes(":")) return text;
  return text.replace(COLONS, (_, numbers: string) => `${ESCAPE}[${numbers.split(";").map(flat).join(";")}m`);
}

/** `38:2::250:10:10` names a colour, `4:3` is a wavy underline; colours of underlines are left out. */
function flat(number: string): string {
  const [kind = "", how, ...rest] = number.split(":");
  if (how === undefined) return number;
  if (kind === "38" || kind === "48")
    return [kind, how, ...(how === "2" ? rest.slice(-3) : rest.slice(-1))].join(";");
  if (kind === "4") return how === "0" ? "24" : "4";
  return "1000";
}

/** The text of a line without colours and other sequences of terminals, for copying. */
export function plain(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  return Anser.ansiToText(oneNotation(text.replace(TITLES, "")));
}

/**
 * A line as pieces to show: colours as names of classes, masked places and invisible characters marked.
 *
 * `find` marks where that text stands, in any case, also across colours. Nothing a program wrote becomes markup.
 */
export function spansOf(text: string, find = ""): Span[] {
  const spans = text.includes(ESCAPE)
    ? Anser.ansiToJson(oneNotation(text.replace(TITLES, "")), {
        use_classes: true,
        remove_empty: true,
      }).flatMap((entry) => pieces(entry.content, looksOf(entry)))
    : text === ""
      ? []
      : pieces(text, []);
  return find ? marked(spans, find) : spans;
}

/** Places marked in a line: a browser draws more of them too slowly to be waited for. */
const MOST_HITS = 1000;

function marked(spans: readonly Span[], find: string): Span[] {
  const text = spans.map((span) => span.text).join("");
  // A few letters become two when they are made small; then nothing would stand where it was found.
  const small = text.toLowerCase();
  const whole = small.length === text.length ? small : text;
  const wanted = find.toLowerCase();
  const cuts: number[] = [];
  for (
    let at = whole.indexOf(wanted);
    at >= 0 && cuts.length < 2 * MOST_HITS;
    at = whole.indexOf(wanted, at + wanted.length)
  ) {
    if (cuts.at(-1) === at) cuts.pop();
    else cuts.push(at);
    cuts.push(at + wanted.length);
  }
  if (cuts.length === 0) return [...spans];
  const found: Span[] = [];
  let start = 0;
  let before = 0;
  for (const span of spans) {
    const end = start + span.text.length;
    for (let from = start; from < end; ) {
      while ((cuts[before] ?? end) <= from) before += 1;
      const to = Math.min(end, cuts[before] ?? end);
      found.push({ ...span, text: span.text.slice(from - start, to - start), hit: before % 2 === 1 });
      from = to;
    }
    start = end;
  }
  return found;
}
