import { Group, SegmentedControl, Stack } from "@mantine/core";
import { Navigate, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useNow } from "../../parts/clock";
import { Page } from "../../parts/Page";
import { STATES, type State, stateOf } from "../../parts/states";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { Artifacts } from "./Artifacts";
import { ByTarget } from "./ByTarget";
import { Facts } from "./Facts";
import { LogViewer } from "./log/LogViewer";
import { parseLines } from "./log/ranges";
import { useFeed } from "./log/useFeed";
import { Questions } from "./Questions";
import { details } from "./reads";
import { StepTree } from "./StepTree";
import { type TaskSearch, taskSearch } from "./search";
import { TaskActions } from "./TaskActions";
import { TaskTimes } from "./TaskTimes";
import { Trouble } from "./Trouble";
import classes from "./tasks.module.css";
import { flattened, treeOf } from "./tree";
import { Waiting } from "./Waiting";

/** One task: what it is and does, what it waits for or asks, its steps, and its log. */
export function TaskPage() {
  const { task = "", space } = useParams({ strict: false });
  const here = useSpaceId();
  const data = useSuspenseQuery(details(task)).data;
  const owner = data.Task.SpaceId ?? "";
  if (space && owner && owner !== here)
    return <Navigate to="/$space/tasks/$task" params={{ space: owner, task }} replace />;
  return <Known key={data.Task.Id} data={data} spaceId={owner} />;
}

/** The state of a task in the words all pages share. */
export const stateOfTask = (task: Schema["Task"]): State =>
  stateOf(task.State, { waits: task.HasPendingInterruptions, warnings: task.HasWarningsOrErrors });

function Known({ data, spaceId }: { data: Schema["TaskDetails"]; spaceId: string }) {
  const [live] = useState(!data.Task.IsCompleted);
  const id = data.Task.Id;
  const feed = useFeed(spaceId, id, live);
  const { search, change, hrefOf } = useAddress();
  const task = live && feed.task && !data.Task.IsCompleted ? feed.task : data.Task;
  const running = live && !feed.ended;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that the activities changed
  const root = useMemo(() => {
    const [told] = data.ActivityLogs;
    const known = live && feed.nodes.size > 0 && !data.Task.IsCompleted;
    return treeOf(known ? feed.nodes.values() : told ? flattened(told) : []);
  }, [data, live, feed, feed.version]);
  useEffect(() => {
    if (feed.ended) stale("task", "artifact");
  }, [feed.ended]);
  useHashLines(change);
  const state = stateOfTask(task);
  const now = useNow();
  const onNode = useCallback((node: string | undefined) => change({ node }, false), [change]);
  return (
    <Page
      wide
      title={task.Description}
      state={state}
      crumbs={spaceId ? [{ text: t("Tasks"), to: `/${spaceId}/tasks` }] : []}
      about={<TaskTimes task={task} state={state} now={now} />}
      actions={<TaskActions task={task} spaceId={spaceId} />}
    >
      <Announced task={task} state={state} />
      {spaceId && task.HasPendingInterruptions && <Questions spaceId={spaceId} taskId={id} onNode={onNode} />}
      <Waiting task={task} spaceId={spaceId} />
      <Trouble
        task={task}
        root={root}
        hrefOf={hrefOf}
        onLines={(node, lines) => change({ node, lines }, false)}
      />
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          {root && (
            <section aria-label={t("Steps")} className={classes.card}>
              <Group justify="space-between" mb="xs">
                <h2 className={classes.heading}>{t("Steps")}</h2>
                <SegmentedControl
                  size="xs"
                  aria-label={t("Show steps")}
                  data={[
                    { value: "tree", label: t("As a tree") },
                    { value: "target", label: t("By target") },
                  ]}
                  value={search.by ?? "tree"}
                  onChange={(by) => change({ by: by === "target" ? "target" : undefined }, false)}
                />
              </Group>
              {search.by === "target" ? (
                <ByTarget root={root} now={now} node={search.node} onNode={onNode} />
              ) : (
                <StepTree root={root} now={now} node={search.node} onNode={onNode} />
              )}
            </section>
          )}
          <Facts task={task} spaceId={spaceId} />
          {spaceId && <Artifacts spaceId={spaceId} taskId={id} root={root} />}
        </Stack>
        <LogViewer
          feed={feed}
          taskId={id}
          root={root}
          running={running}
          search={search}
          onSearch={change}
          hrefOf={hrefOf}
        />
      </div>
    </Page>
  );
}

/** Says a change of state aloud; lines of the log are not read out. */
function Announced({ task, state }: { task: Schema["Task"]; state: State }) {
  return (
    <div className="visually-hidden" role="status">
      {t("{{task}}: {{state}}", { task: task.Description, state: t(STATES[state].word) })}
    </div>
  );
}

/** The page's own part of the address, and how it is changed. */
function useAddress() {
  const search = taskSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const router = useRouter();
  const change = useCallback(
    (changes: Partial<Record<keyof TaskSearch, unknown>>, replace = true) =>
      void navigate({
        to: ".",
        search: ((before: TaskSearch) => taskSearch({ ...before, ...changes })) as never,
        replace,
        resetScroll: false,
      }),
    [navigate],
  );
  const href = router.state.location.href.split("#")[0] ?? "";
  const hrefOf = useCallback(
    (line: number) => {
      const url = new URL(href, window.location.origin);
      url.searchParams.set("lines", String(line));
      return router.history.createHref(`${url.pathname}${url.search}`);
    },
    [href, router],
  );
  return { search, change, hrefOf };
}

/** `#L120-L140`, as other places write links to lines, means the same as `lines=120-140`. */
function useHashLines(change: (changes: Partial<TaskSearch>) => void): void {
  useEffect(() => {
    const take = () => {
      const range = parseLines(window.location.hash.slice(1));
      if (range) change({ lines: range.from === range.to ? range.from : `${range.from}-${range.to}` });
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [change]);
}
