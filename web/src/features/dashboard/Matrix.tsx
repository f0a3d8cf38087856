// biome-ignore-all lint/a11y/useSemanticElements: rows and cells that are drawn only where they are seen cannot be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid takes the focus, or the link in it
import { useNavigate } from "@tanstack/react-router";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { base } from "../../api/place";
import { useNow } from "../../parts/clock";
import { Refused } from "../../parts/Refused";
import { moment, t } from "../../text";
import { GroupRow, ProjectRow } from "./Line";
import classes from "./Matrix.module.css";
import { type Block, blocksOf, moved, nameOf, type Matrix as Shown } from "./matrix";
import { useCells } from "./reading";
import type { CellState, Density } from "./search";

interface Sizes {
  row: number;
  group: number;
  first: number;
  column: number;
}

/** In rem; the first column is never more than two fifths of the window. */
const SIZES: Record<Density, Sizes> = {
  comfortable: { row: 2.6, group: 2, first: 15, column: 10.5 },
  compact: { row: 1.9, group: 1.7, first: 13, column: 9 },
  wall: { row: 3.2, group: 2.4, first: 18, column: 13 },
};

interface Props {
  spaceId: string;
  matrix: Shown;
  density: Density;
  /** Cells in other states stand back; none named: none does. */
  states: readonly CellState[];
}

/** Keeps the line the focus is in, whatever is scrolled to. */
const keeping = (place: number) => (range: Range) => {
  const seen = defaultRangeExtractor(range);
  return place < 0 || place >= range.count || seen.includes(place)
    ? seen
    : [...seen, place].sort((a, b) => a - b);
};

/**
 * Projects by environments. Only what is seen is drawn, across and down; the first row and the first column stay.
 *
 * A grid of the keyboard: one cell takes the focus, arrows, Home, End and Page keys move it, Enter opens.
 */
export function Matrix({ spaceId, matrix, density, states }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const now = useNow(60_000);
  const { lines, columns } = matrix;
  const [[row, column], setActive] = useState<[number, number]>([1, 0]);
  const rem = useRem();
  const size = SIZES[density];
  const first = Math.min(size.first * rem, window.innerWidth * 0.4);
  const columnWidth = stretched(size.column * rem, useWidth(room) - first - 2, columns.length);
  const down = useVirtualizer({
    count: lines.length,
    getScrollElement: () => room.current,
    estimateSize: (index) => (lines[index]?.kind === "group" ? size.group : size.row) * rem,
    overscan: 4,
    useFlushSync: false,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    scrollPaddingStart: size.row * rem,
    rangeExtractor: useMemo(() => keeping(row), [row]),
  });
  const across = useVirtualizer({
    horizontal: true,
    isRtl: document.documentElement.dir === "rtl",
    count: columns.length,
    getScrollElement: () => room.current,
    estimateSize: () => columnWidth,
    overscan: 1,
    useFlushSync: false,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    scrollPaddingStart: first,
    rangeExtractor: useMemo(() => keeping(column - 1), [column]),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density has other sizes
  useEffect(() => {
    down.measure();
    across.measure();
  }, [density, lines, columns, rem, columnWidth]);
  const seen = across.getVirtualItems();
  const shownRows = down.getVirtualItems();
  const blocks = useUnhurried(
    blocksOf(
      matrix,
      [down.range?.startIndex ?? 0, down.range?.endIndex ?? 20],
      [across.range?.startIndex ?? 0, across.range?.endIndex ?? 8],
    ),
  );
  const known = useCells(spaceId, blocks);

  const focus = (place: readonly [number, number]) =>
    requestAnimationFrame(() =>
      room.current?.querySelector<HTMLElement>(`[data-place="${place[0]} ${place[1]}"]`)?.focus(),
    );
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((room.current?.clientHeight ?? 0) / (size.row * rem)) - 2);
    const to = moved(
      event.key,
      event.ctrlKey || event.metaKey,
      [row, column],
      [lines.length, columns.length + 1],
      page,
    );
    if (!to || event.altKey) return;
    event.preventDefault();
    setActive(to);
    down.scrollToIndex(to[0]);
    if (to[1] > 0) across.scrollToIndex(to[1] - 1);
    focus(to);
  };
  const open = (event: MouseEvent) => {
    const link = (event.target as HTMLElement).closest("a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ to: link.pathname.slice(`${base}/app`.length) });
  };
  const took = (target: HTMLElement) => {
    const place = target.closest<HTMLElement>("[data-place]")?.dataset.place?.split(" ").map(Number);
    if (place) setActive([place[0] ?? 0, place[1] ?? 0]);
  };
  const width = first + across.getTotalSize();
  const height = size.row * rem + down.getTotalSize();
  return (
    <>
      <Refused error={known.error} />
      <div
        ref={room}
        className={classes.room}
        data-density={density}
        role="grid"
        aria-label={t("Projects and environments")}
        aria-rowcount={lines.length + 1}
        aria-colcount={columns.length + 1}
        aria-busy={known.pending}
        style={{ height: height + 2 }}
        onKeyDown={press}
        onClick={open}
        onFocus={(event) => took(event.target)}
        onPointerOver={(event) => tellMoment(event.target as HTMLElement)}
      >
        <div role="presentation" style={{ width, height, minWidth: "100%" }}>
          <div
            role="row"
            aria-rowindex={1}
            className={classes.head}
            style={{ height: size.row * rem, width }}
          >
            <div role="columnheader" aria-colindex={1} className={classes.corner} style={{ width: first }}>
              {t("Project")}
            </div>
            {seen.map((item) => (
              <div
                key={item.key}
                role="columnheader"
                aria-colindex={item.index + 2}
                className={classes.column}
                style={{ insetInlineStart: first + item.start, width: item.size }}
              >
                <span title={columns[item.index]?.Name}>{columns[item.index]?.Name}</span>
              </div>
            ))}
          </div>
          {shownRows.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const place = { at: item.index, top: size.row * rem + item.start, height: item.size, width };
            if (line.kind === "group")
              return (
                <GroupRow
                  key={line.id}
                  name={line.name}
                  count={line.count}
                  columns={columns.length + 1}
                  active={item.index === row}
                  {...place}
                />
              );
            return (
              <ProjectRow
                key={line.id}
                spaceId={spaceId}
                line={line}
                columns={columns}
                seen={seen}
                first={first}
                cells={known.cells}
                now={now}
                states={states}
                active={item.index === row ? column : -1}
                {...place}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

/** The pixels of a rem: who set a larger type gets larger rows. */
function useRem(): number {
  return useMemo(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16, []);
}

/** A few columns share the room there is, up to twice their usual width; many keep theirs. */
function stretched(usual: number, room: number, count: number): number {
  return Math.max(usual, Math.min(usual * 2, Math.floor(room / Math.max(1, count))));
}

/** How much room the parent of an element leaves it, in pixels. */
function useWidth(place: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(() => window.innerWidth);
  useLayoutEffect(() => {
    const parent = place.current?.parentElement;
    if (!parent) return;
    const look = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(parent);
      setWidth(parent.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(parent);
    return () => observer.disconnect();
  }, [place]);
  return width;
}

const PAUSE_MS = 120;

/** The blocks that are seen, but while somebody scrolls fast only those of now and then: fewer requests for nothing. */
function useUnhurried(blocks: readonly Block[]): readonly Block[] {
  const names = blocks.map(nameOf).join();
  const [asked, setAsked] = useState({ blocks, names });
  const latest = useRef({ blocks, names });
  latest.current = { blocks, names };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (names === asked.names || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setAsked(latest.current);
    }, PAUSE_MS);
  }, [names, asked.names]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return asked.blocks;
}

/** The exact moment of an age, written only for the one that is pointed at. */
function tellMoment(target: HTMLElement): void {
  if (target instanceof HTMLTimeElement && !target.title) target.title = moment(target.dateTime);
}
