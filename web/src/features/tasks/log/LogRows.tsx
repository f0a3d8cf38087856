import { Button } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { t, number as written } from "../../../text";
import type { TaskFeed } from "./feed";
import { LogLine } from "./LogLine";
import classes from "./log.module.css";
import type { LineRange } from "./ranges";
import type { Rows } from "./segments";
import { useView } from "./useView";

/** What a page may ask of the rows. */
export interface LogHandle {
  /** Shows a line, counted from 0. */
  show: (line: number) => void;
  /** Shows it unless it is in sight. */
  reveal: (line: number) => void;
}

interface Props {
  ref: Ref<LogHandle>;
  feed: TaskFeed;
  rows: Rows;
  rowsKey: string;
  taskId: string;
  marked: LineRange | undefined;
  find: string;
  wrap: boolean;
  times: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  hits: readonly number[];
  /** The name of a line's target, where lines of several are shown. */
  nameOf: ((node: string) => string) | undefined;
  hrefOf: (line: number) => string;
  onPick: (line: number, shift: boolean) => void;
  /** Marks a line more, down or up; `top` is the first line in sight. */
  onStretch: (by: 1 | -1, top: number) => void;
  onCopy: () => void;
  onEnd: () => void;
}

/** The lines of a log in a box of their own. Only those in sight are drawn and held. */
export function LogRows({ ref, feed, rows, marked, onPick, ...rest }: Props) {
  const { wrap, follow, onFollow, rowsKey, nameOf, hits } = rest;
  const view = useView({ count: rows.count, even: !wrap, follow, onFollow, rowsKey });
  const paused = useRef(rows.count);
  if (follow) paused.current = rows.count;
  const fresh = rows.count - paused.current;
  useImperativeHandle(
    ref,
    () => ({
      show: (line) => view.show(rows.rowOf(line)),
      reveal: (line) => view.show(rows.rowOf(line), true),
    }),
    [view.show, rows],
  );
  useWanted(feed, rows, view.first, view.last, rest.onEnd);
  const keys = (event: KeyboardEvent) => {
    if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      rest.onStretch(event.key === "ArrowDown" ? 1 : -1, rows.lineAt(view.top) + 1);
    } else if (event.key === "c" && (event.ctrlKey || event.metaKey) && !getSelection()?.toString()) {
      rest.onCopy();
    } else if (!event.ctrlKey && !event.altKey && !event.metaKey && view.onKey(event.key))
      event.preventDefault();
  };
  let before = "";
  return (
    <div className={`${classes.frame} ${wrap ? classes.wrapping : ""}`}>
      <div className={classes.outer} ref={view.outer} onScroll={view.onScroll}>
        <div style={{ height: view.tall }}>
          <div className={classes.held} style={{ height: view.height }}>
            {/* biome-ignore lint/a11y/useSemanticElements: a section would be a landmark with headings; this is a box of lines */}
            <div
              role="region"
              aria-label={t("Lines of the log")}
              aria-description={t("Shift and arrow keys mark lines, Ctrl+C copies them")}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
              tabIndex={0}
              className={classes.inner}
              onKeyDown={keys}
            >
              <div
                className={classes.moving}
                ref={view.moving}
                style={{ transform: `translateY(${view.shift}px)` }}
              >
                {Array.from({ length: Math.max(0, view.last - view.first) }, (_, index) => {
                  const at = rows.lineAt(view.first + index);
                  const line = feed.store.get(at);
                  const node = line?.Node ?? "";
                  const where = nameOf && line ? (node === before ? "" : nameOf(node)) : nameOf && "";
                  before = node || before;
                  return (
                    <LogLine
                      key={at}
                      at={at}
                      line={line}
                      taskId={rest.taskId}
                      marked={marked !== undefined && at + 1 >= marked.from && at + 1 <= marked.to}
                      find={rest.find}
                      times={rest.times}
                      where={where}
                      href={rest.hrefOf(at + 1)}
                      onPick={onPick}
                    />
                  );
                })}
              </div>
            </div>
          </div>
        </div>
      </div>
      <Overview rows={rows} hits={hits} marked={marked} onShow={(row) => view.show(row)} />
      {!follow && fresh > 0 && (
        <Button
          className={classes.pill ?? ""}
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowDown size="1rem" aria-hidden />}
          onClick={() => onFollow(true)}
        >
          {t("{{n}} new lines", { n: written(fresh), count: fresh, one: "1 new line" })}
        </Button>
      )}
    </div>
  );
}

/** Has the lines in sight fetched, and some on both sides; asks for more rows near the end of those that are known. */
function useWanted(feed: TaskFeed, rows: Rows, first: number, last: number, onEnd: () => void): void {
  useEffect(() => {
    const wanted: number[] = [];
    for (let row = Math.max(0, first - 40); row < Math.min(rows.count, last + 40); row += 1)
      wanted.push(rows.lineAt(row));
    feed.want(wanted);
    if (last >= rows.count - 200) onEnd();
  });
}

/** Where hits and marked lines are in the whole log. A click goes there; by keyboard the bar's own buttons do. */
function Overview({
  rows,
  hits,
  marked,
  onShow,
}: {
  rows: Rows;
  hits: readonly number[];
  marked: LineRange | undefined;
  onShow: (row: number) => void;
}) {
  const place = (line: number) => `${((100 * rows.rowOf(line)) / Math.max(1, rows.count)).toFixed(2)}%`;
  const places = new Set(hits.map(place));
  return (
    <div
      aria-hidden
      className={classes.overview}
      onMouseDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onShow(Math.floor(((event.clientY - box.top) / box.height) * rows.count));
      }}
    >
      {[...places].map((top) => (
        <span key={top} className={classes.tick} style={{ top }} />
      ))}
      {marked && <span className={classes.tick} data-kind="marked" style={{ top: place(marked.from - 1) }} />}
    </div>
  );
}
