import { Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { get } from "../../../api/client";
import { Refused } from "../../../parts/Refused";
import { t, number as written } from "../../../text";
import type { TaskSearch } from "../search";
import { type Activity, each, pathTo, withoutAttempt } from "../tree";
import { plain } from "./ansi";
import type { TaskFeed } from "./feed";
import { LogBar } from "./LogBar";
import { LogFoot } from "./LogFoot";
import { type LogHandle, LogRows } from "./LogRows";
import classes from "./log.module.css";
import { type LineRange, linesText, parseLines, stretched } from "./ranges";
import { allLines } from "./segments";
import { usePart } from "./useFeed";
import { useFinding } from "./useFinding";

const MOST_COPIED = 10_000;

interface Props {
  feed: TaskFeed;
  taskId: string;
  root: Activity | undefined;
  running: boolean;
  search: TaskSearch;
  onSearch: (changes: Partial<TaskSearch>) => void;
  hrefOf: (line: number) => string;
}

/** The log of a task, or of one of its activities: live, searched on the server, never held as a whole. */
export function LogViewer({ feed, taskId, root, running, search, onSearch, hrefOf }: Props) {
  const { node = "", level = "", find = "", wrap = false, times = false } = search;
  const marked = parseLines(search.lines === undefined ? undefined : String(search.lines));
  const [follow, setFollow] = useState(running && !marked);
  const handle = useRef<LogHandle>(null);
  const inside = useMemo(() => {
    const path = root && node ? pathTo(root, node) : [];
    const last = path.at(-1);
    if (!last || last.Id !== node) return new Set([node]);
    return new Set([...each(last)].map((one) => one.Id));
  }, [root, node]);
  const holding = useRef(inside);
  holding.current = inside;
  const part = usePart(feed, level, node, (from) => holding.current.has(from));
  const rows = part?.rows ?? allLines(feed.store.total);
  const finding = useFinding(feed, taskId, find, level, node);
  const names = useMemo(() => namesOf(root), [root]);
  const targets = useMemo(() => targetsOf(root), [root]);
  const nameOf = useMemo(() => {
    const leaves = [...inside].flatMap((id) => (targets.has(id) ? [names.get(id)] : []));
    const several = new Set(node ? leaves : [...targets].map((id) => names.get(id))).size > 1;
    return several ? (id: string) => names.get(id) ?? "" : undefined;
  }, [inside, node, names, targets]);
  const { go, pick, stretch } = useMarking(marked, onSearch, handle, setFollow);
  useRevealed(search, rows.count > 0, handle);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the page begins with
  useEffect(() => feed.begin((marked?.from ?? 1) - 1), [feed]);
  const copy = () => void copyLines(taskId, marked);
  return (
    <section className={classes.viewer} aria-label={t("Log")}>
      <LogBar
        taskId={taskId}
        search={search}
        onSearch={onSearch}
        marked={marked}
        finding={finding}
        total={feed.store.total}
        follow={follow}
        running={running}
        title={node ? (names.get(node) ?? t("One activity")) : undefined}
        onGo={go}
        onEnd={() => setFollow(true)}
        onCopy={copy}
      />
      <Refused error={finding.error} />
      {rows.count === 0 ? (
        <Nothing running={running} searching={part !== undefined && !part.whole} level={level} />
      ) : (
        <LogRows
          ref={handle}
          feed={feed}
          rows={rows}
          rowsKey={`${level}/${node}`}
          taskId={taskId}
          marked={marked}
          find={find}
          wrap={wrap}
          times={times}
          follow={follow}
          onFollow={setFollow}
          hits={finding.hits}
          nameOf={nameOf}
          hrefOf={hrefOf}
          onPick={pick}
          onStretch={stretch}
          onCopy={copy}
          onEnd={() => part?.more()}
        />
      )}
      <LogFoot feed={feed} running={running} shown={rows.count} part={part} />
    </section>
  );
}

/** The name of each activity as it stands beside lines: of a target without its attempt, else its own. */
function namesOf(root: Activity | undefined): Map<string, string> {
  return new Map(
    root ? [...each(root)].map((one) => [one.Id, one === root ? "" : withoutAttempt(one.Name)]) : [],
  );
}

/** The activities below which there is nothing: attempts on targets. */
function targetsOf(root: Activity | undefined): Set<string> {
  const all = root ? [...each(root)] : [];
  return new Set(
    all.filter((one) => one.children.length === 0 && one.ParentId !== root?.Id).map((one) => one.Id),
  );
}

function useMarking(
  marked: LineRange | undefined,
  onSearch: Props["onSearch"],
  handle: { current: LogHandle | null },
  setFollow: (follow: boolean) => void,
) {
  const began = useRef(marked?.from ?? 0);
  const latest = useRef({ marked, onSearch });
  latest.current = { marked, onSearch };
  const mark = useCallback((range: LineRange | undefined) => {
    const text = range && linesText(range);
    latest.current.onSearch({ lines: text && /^\d+$/.test(text) ? Number(text) : text });
  }, []);
  const pick = useCallback(
    (line: number, shift: boolean) => {
      const { marked: before } = latest.current;
      setFollow(false);
      if (shift && before) return mark(stretched(began.current || before.from, line));
      began.current = line;
      mark(before && before.from === line && before.to === line ? undefined : { from: line, to: line });
    },
    [mark, setFollow],
  );
  const stretch = useCallback(
    (by: 1 | -1, top: number) => {
      const { marked: before } = latest.current;
      setFollow(false);
      if (!before) {
        began.current = top;
        return mark({ from: top, to: top });
      }
      const from = began.current || before.from;
      const moving = from === before.from ? before.to : before.from;
      began.current = from;
      mark(stretched(from, moving + by));
    },
    [mark, setFollow],
  );
  const go = useCallback(
    (line: number) => {
      setFollow(false);
      began.current = line;
      mark({ from: line, to: line });
      handle.current?.show(line - 1);
    },
    [mark, handle, setFollow],
  );
  return { go, pick, stretch };
}

/** Brings marked lines into sight: those of a link, of the way back, and where other lines are chosen to be shown. */
function useRevealed(search: TaskSearch, there: boolean, handle: { current: LogHandle | null }): void {
  const { lines, node, level } = search;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows have the line in another place
  useEffect(() => {
    const marked = parseLines(lines === undefined ? undefined : String(lines));
    if (marked && there) handle.current?.reveal(marked.from - 1);
  }, [lines, node, level, there, handle]);
}

async function copyLines(taskId: string, marked: LineRange | undefined): Promise<void> {
  if (!marked) return;
  const wanted = marked.to - marked.from + 1;
  try {
    const found: string[] = [];
    for (let first = marked.from - 1; found.length < Math.min(wanted, MOST_COPIED); ) {
      const take = Math.min(wanted, MOST_COPIED) - found.length;
      const answer = await get("/api/tasks/{id}/log", { path: { id: taskId }, query: { first, take } });
      if (answer.Lines.length === 0) break;
      found.push(...answer.Lines.map((line) => plain(line.Text)));
      first = answer.Next;
    }
    await navigator.clipboard.writeText(found.join("\n"));
    const told = { n: written(found.length), of: written(wanted), count: found.length };
    notifications.show({
      message:
        found.length < wanted && wanted > MOST_COPIED
          ? t("{{n}} of {{of}} lines copied: no more at once", told)
          : t("{{n}} lines copied", { ...told, one: "1 line copied" }),
    });
  } catch (error) {
    notifications.show({ color: "red", message: t("Copying failed: {{why}}", { why: String(error) }) });
  }
}

function Nothing({ running, searching, level }: { running: boolean; searching: boolean; level: string }) {
  const text = searching
    ? t("Looking for lines")
    : level
      ? t("There is no such line.")
      : running
        ? t("Nothing was written yet. Lines appear here as they come.")
        : t("Nothing was written.");
  return (
    <Stack align="center" justify="center" className={classes.frame ?? ""}>
      <Text c="dimmed">{text}</Text>
    </Stack>
  );
}
