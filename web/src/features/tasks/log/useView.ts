import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import {
  type Anchor,
  atEnd,
  type Bar,
  barAt,
  bounded,
  isAstray,
  isAtEnd,
  moved,
  scrolled,
  tallness,
} from "./scrolling";

/** Rows drawn above and below what is seen. */
const OVER = 12;

interface Told {
  count: number;
  /** Whether all rows are of the usual height; where they wrap they are measured. */
  even: boolean;
  /** Keeps the last row in sight while rows are added. */
  follow: boolean;
  onFollow: (follow: boolean) => void;
  /** Changes when rows stand for other lines. */
  rowsKey: string;
}

interface View {
  outer: RefObject<HTMLDivElement | null>;
  moving: RefObject<HTMLDivElement | null>;
  /** The first row in sight. */
  top: number;
  /** Rows to draw, and how far they are moved, in pixels. */
  first: number;
  last: number;
  shift: number;
  height: number;
  tall: number;
  onScroll: () => void;
  onKey: (key: string) => boolean;
  show: (row: number, unlessSeen?: boolean) => void;
}

/** The height of a row that does not wrap: a line of text, whatever size of text the reader chose. */
function usualHeight(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.25 || 20;
}

/**
 * A window on rows of which only those in sight are drawn, however many there are and however they wrap.
 *
 * Wheel and keys move by pixels and rows; the bar means a share of the whole, since no browser has elements of the height
 * of a million lines.
 */
export function useView({ count, even, follow, onFollow, rowsKey }: Told): View {
  const outer = useRef<HTMLDivElement>(null);
  const moving = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<number, number>());
  const [usual] = useState(usualHeight);
  const [height, setHeight] = useState(600);
  const [anchor, setAnchor] = useState<Anchor>({ row: 0, into: 0 });
  const [, remeasured] = useState(0);
  const lastTop = useRef(0);
  const now = useRef({ anchor, count, even, follow, height });
  Object.assign(now.current, { count, even, follow, height });

  const heightOf = useCallback(
    (row: number) => (now.current.even ? usual : (heights.current.get(row) ?? usual)),
    [usual],
  );
  const bar = useCallback(
    (): Bar => ({ count: now.current.count, usual, view: now.current.height }),
    [usual],
  );

  const setBar = useCallback(
    (to: Anchor) => {
      const element = outer.current;
      if (!element) return;
      element.scrollTop = barAt(to, bar());
      lastTop.current = element.scrollTop;
    },
    [bar],
  );

  const place = useCallback(
    (to: Anchor, keepBar = false) => {
      now.current.anchor = to;
      setAnchor((before) => (before.row === to.row && before.into === to.into ? before : to));
      if (!keepBar) setBar(to);
    },
    [setBar],
  );

  const tellFollow = useCallback(
    (back: boolean) => {
      const { anchor: at, count: rows, height: view, follow: following } = now.current;
      const end = isAtEnd(at, rows, view, heightOf);
      if (back && following && !end) onFollow(false);
      if (!back && end && !following) onFollow(true);
    },
    [heightOf, onFollow],
  );

  const by = useCallback(
    (pixels: number): boolean => {
      const { anchor: from, count: rows, height: view } = now.current;
      const to = bounded(moved(from, pixels, rows, heightOf), rows, view, heightOf);
      if (to.row === from.row && to.into === from.into) return false;
      place(to);
      tellFollow(pixels < 0);
      return true;
    },
    [heightOf, place, tellFollow],
  );

  useEffect(() => {
    const element = outer.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      const unit = event.deltaMode === 1 ? usual : event.deltaMode === 2 ? now.current.height : 1;
      if (by(event.deltaY * unit)) event.preventDefault();
    };
    const watch = new ResizeObserver(() => {
      heights.current.clear();
      setHeight(element.clientHeight);
    });
    watch.observe(element);
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      watch.disconnect();
      element.removeEventListener("wheel", onWheel);
    };
  }, [by, usual]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that stand for other lines, or wrap otherwise, are measured anew
  useLayoutEffect(() => {
    heights.current.clear();
  }, [rowsKey, even]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows, or another height, may move the end
  useLayoutEffect(() => {
    const { anchor: at } = now.current;
    place(follow ? atEnd(count, height, heightOf) : bounded(at, count, height, heightOf));
  }, [follow, count, height, even, rowsKey, heightOf, place]);

  const first = Math.max(0, anchor.row - OVER);
  const last = Math.min(count, anchor.row + Math.ceil(height / usual) + 1 + OVER);
  let shift = -anchor.into;
  for (let row = first; row < anchor.row; row += 1) shift -= heightOf(row);

  useLayoutEffect(() => {
    const element = moving.current;
    if (even || !element) return;
    let changed = false;
    for (const [at, child] of [...element.children].entries()) {
      const measured = (child as HTMLElement).offsetHeight;
      if (heights.current.get(first + at) === measured) continue;
      heights.current.set(first + at, measured);
      changed = true;
    }
    if (!changed) return;
    if (now.current.follow) place(atEnd(now.current.count, now.current.height, heightOf));
    remeasured((times) => times + 1);
  });

  const onScroll = useCallback(() => {
    const element = outer.current;
    if (!element) return;
    const top = element.scrollTop;
    const before = lastTop.current;
    if (Math.abs(top - before) < 1) return;
    lastTop.current = top;
    // A box that became taller moves its own bar: nobody scrolled.
    if (element.clientHeight !== now.current.height) return setHeight(element.clientHeight);
    const to = scrolled(now.current.anchor, before, top, bar(), now.current.even, heightOf);
    place(to, !isAstray(top, to, bar()));
    tellFollow(top < before);
  }, [bar, heightOf, place, tellFollow]);

  const onKey = useCallback(
    (key: string): boolean => {
      const { count: rows, height: view } = now.current;
      const page = view - 2 * usual;
      const steps: Record<string, number> = {
        ArrowDown: usual,
        ArrowUp: -usual,
        PageDown: page,
        PageUp: -page,
      };
      if (key in steps) by(steps[key] ?? 0);
      else if (key === "Home") {
        place({ row: 0, into: 0 });
        tellFollow(true);
      } else if (key === "End") {
        place(atEnd(rows, view, heightOf));
        tellFollow(false);
      } else return false;
      return true;
    },
    [by, heightOf, place, tellFollow, usual],
  );

  const show = useCallback(
    (row: number, unlessSeen = false) => {
      const { anchor: at, count: rows, height: view } = now.current;
      const under = moved(at, view - usual, rows, heightOf).row;
      if (unlessSeen && row >= at.row && row < under) return;
      const to = moved({ row, into: 0 }, -view / 3, rows, heightOf);
      place(bounded(to, rows, view, heightOf));
      tellFollow(true);
    },
    [heightOf, place, tellFollow, usual],
  );

  return {
    outer,
    moving,
    top: anchor.row,
    first,
    last,
    shift,
    height,
    tall: tallness(count, usual),
    onScroll,
    onKey,
    show,
  };
}
