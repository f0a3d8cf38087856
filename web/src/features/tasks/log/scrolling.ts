/** Heights of rows in pixels: measured ones, or else what is usual. */
export type HeightOf = (row: number) => number;

/** Where a view begins: a row, and how many pixels of it are already above the edge. */
export interface Anchor {
  row: number;
  into: number;
}

/**
 * The tallest element a scroll bar is made for. Browsers end elements at some 17 to 33 million pixels, so a log of a
 * million lines gets a shorter one, and its bar moves by shares instead of pixels.
 */
export const TALLEST = 8_000_000;

/** How tall the element behind the scroll bar is for so many rows. */
export const tallness = (count: number, usual: number): number =>
  Math.min(TALLEST, Math.max(1, count * usual));

/** Moves by pixels over rows of any height; never before the first row, and at most to the last one. */
export function moved(from: Anchor, by: number, count: number, heightOf: HeightOf): Anchor {
  let { row, into } = from;
  into += by;
  while (into < 0 && row > 0) {
    row -= 1;
    into += heightOf(row);
  }
  if (into < 0) return { row: 0, into: 0 };
  while (row < count - 1 && into >= heightOf(row)) {
    into -= heightOf(row);
    row += 1;
  }
  return { row, into };
}

/** Where a view of this height begins so that the last row stands at its lower edge. */
export function atEnd(count: number, view: number, heightOf: HeightOf): Anchor {
  let room = view;
  for (let row = count - 1; row >= 0; row -= 1) {
    const height = heightOf(row);
    if (height >= room) return { row, into: height - room };
    room -= height;
  }
  return { row: 0, into: 0 };
}

const isAfter = (one: Anchor, other: Anchor) =>
  one.row > other.row || (one.row === other.row && one.into > other.into);

/** The anchor, or the end where it lies behind that. */
export function bounded(anchor: Anchor, count: number, view: number, heightOf: HeightOf): Anchor {
  const end = atEnd(count, view, heightOf);
  return isAfter(anchor, end) ? end : anchor;
}

/** Whether nothing is left below the view, but for a pixel or two. */
export function isAtEnd(anchor: Anchor, count: number, view: number, heightOf: HeightOf): boolean {
  return !isAfter(atEnd(count, view, heightOf), moved(anchor, 2, count, heightOf));
}

/** What the scroll bar of a view says and means. */
export interface Bar {
  count: number;
  /** Usual height of a row, and height of the view, in pixels. */
  usual: number;
  view: number;
}

const rowsBefore = ({ count, usual, view }: Bar) => Math.max(0, count - view / usual);
const room = (bar: Bar) => Math.max(0, tallness(bar.count, bar.usual) - bar.view);

/** Where the bar stands for an anchor. */
export function barAt(anchor: Anchor, bar: Bar): number {
  const rows = rowsBefore(bar);
  if (rows === 0) return 0;
  return Math.min(1, (anchor.row + Math.min(1, anchor.into / bar.usual)) / rows) * room(bar);
}

/** What the bar means where it stands. */
export function meantBy(top: number, bar: Bar): Anchor {
  const whole = room(bar);
  const rows = whole === 0 ? 0 : Math.min(1, Math.max(0, top / whole)) * rowsBefore(bar);
  const pixels = Math.round(rows * bar.usual * 8) / 8;
  const row = Math.min(Math.max(0, bar.count - 1), Math.floor(pixels / bar.usual));
  return { row, into: pixels - row * bar.usual };
}

/** Whether a pixel of the bar is a pixel of the log: short enough, and all rows alike. */
export const isExact = ({ count, usual }: Bar, even: boolean): boolean => even && count * usual <= TALLEST;

/**
 * Where the view goes when its bar went from `before` to `top`.
 *
 * A small way is meant in pixels (a wheel, a key), a long one as a share of the whole (a dragged bar, Home, End).
 */
export function scrolled(
  anchor: Anchor,
  before: number,
  top: number,
  bar: Bar,
  even: boolean,
  heightOf: HeightOf,
): Anchor {
  const small = Math.abs(top - before) <= bar.view * 1.5;
  if (isExact(bar, even) || !small) {
    if (!small && top >= room(bar) - 1) return atEnd(bar.count, bar.view, heightOf);
    return bounded(meantBy(top, bar), bar.count, bar.view, heightOf);
  }
  return bounded(moved(anchor, top - before, bar.count, heightOf), bar.count, bar.view, heightOf);
}

/** Whether the bar stands so far from where it should that it must be set: near an end, or a good way off. */
export function isAstray(top: number, anchor: Anchor, bar: Bar): boolean {
  const ideal = barAt(anchor, bar);
  const off = Math.abs(ideal - top);
  const edge = bar.view * 2;
  const nearEdge = top < edge || top > room(bar) - edge || ideal < edge || ideal > room(bar) - edge;
  return off > (nearEdge ? bar.view * 0.2 : room(bar) * 0.02 + bar.view);
}
