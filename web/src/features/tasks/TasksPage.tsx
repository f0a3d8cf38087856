import { Anchor, Button, Checkbox, Group, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { reading, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useNow } from "../../parts/clock";
import { Empty } from "../../parts/Empty";
import { type Column, ListTable } from "../../parts/ListTable";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Pages } from "../../parts/Pages";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { useSpaceId } from "../../shell/space";
import { duration, number, t } from "../../text";
import { BulkCancel } from "./BulkCancel";
import { csvOf, PAGE_SIZE, queryOf, type TasksSearch, tasksSearch } from "./filters";
import { explained } from "./reads";
import { TaskCounts } from "./TaskCounts";
import { TaskFilters } from "./TaskFilters";

type Task = Schema["Task"];

const listing = (spaceId: string, search: TasksSearch) =>
  reading(["task", "interruption"], "/api/{spaceId}/tasks", { path: { spaceId }, query: queryOf(search) });

/** Every task of the space: what runs, what waits and why, what has ended. */
export function TasksPage() {
  const spaceId = useSpaceId();
  const search = tasksSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { data, error, isPending } = useQuery({
    ...listing(spaceId, search),
    placeholderData: keepPreviousData,
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const change = useCallback(
    (changes: TasksSearch) =>
      void navigate({
        to: ".",
        search: ((before: TasksSearch) => tasksSearch({ ...before, page: undefined, ...changes })) as never,
        replace: !("page" in changes),
      }),
    [navigate],
  );
  const now = useNow();
  const items = data?.Items ?? [];
  const open = items.filter((task) => !task.IsCompleted);
  const marked = open.filter((task) => chosen.has(task.Id));
  const total = data?.TotalResults ?? 0;
  return (
    <Page
      wide
      title={t("Tasks")}
      actions={
        <>
          <BulkCancel tasks={marked} spaceId={spaceId} onDone={() => setChosen(new Set())} />
          <Button variant="default" disabled={items.length === 0} onClick={() => save(csvOf(items))}>
            {t("Export as CSV")}
          </Button>
        </>
      }
    >
      <TaskCounts data={data} search={search} onChange={change} />
      <TaskFilters spaceId={spaceId} search={search} onChange={change} />
      <Refused error={error} />
      {isPending && !error && <Loading />}
      {data && (
        <ListTable
          label={t("Tasks")}
          items={items}
          idOf={(task) => task.Id}
          columns={columns(spaceId, now, chosen, setChosen, open)}
          empty={<NoTask filtered={Object.keys(search).length > 0} onClear={() => change(CLEAR)} />}
        />
      )}
      <Group justify="space-between">
        <Text fz="sm" c="dimmed" role="status">
          {t("{{n}} tasks", { n: number(total), count: total, one: "{{n}} task" })}
        </Text>
        <Pages total={total} take={PAGE_SIZE} page={search.page ?? 1} onPage={(page) => change({ page })} />
      </Group>
    </Page>
  );
}

const CLEAR = {
  states: "",
  type: "",
  project: "",
  environment: "",
  node: "",
  text: "",
  from: "",
  to: "",
  person: false,
} as const;

/** The state a task is shown in, and why it waits where the server says so. */
const stateOfTask = (task: Task) =>
  stateOf(task.State, { waits: task.HasPendingInterruptions, warnings: task.HasWarningsOrErrors });

function spanOf(task: Task, now: number): string {
  if (!task.StartTime) return "";
  const end = task.CompletedTime ? new Date(task.CompletedTime).getTime() : now;
  return duration(Math.max(0, end - new Date(task.StartTime).getTime()));
}

function columns(
  spaceId: string,
  now: number,
  chosen: ReadonlySet<string>,
  setChosen: (ids: ReadonlySet<string>) => void,
  open: readonly Task[],
): Column<Task>[] {
  const toggle = (id: string, on: boolean) =>
    setChosen(new Set(on ? [...chosen, id] : [...chosen].filter((each) => each !== id)));
  const all = open.length > 0 && open.every((task) => chosen.has(task.Id));
  return [
    {
      key: "task",
      head: t("Task"),
      cell: (task) => (
        <Anchor component={Link} to={`/${spaceId}/tasks/${task.Id}`} fw={550} display="block" miw="15rem">
          {task.Description}
        </Anchor>
      ),
    },
    { key: "state", head: t("State"), short: true, cell: (task) => <StateMark state={stateOfTask(task)} /> },
    { key: "why", head: t("Why"), cell: (task) => <Why task={task} /> },
    { key: "queued", head: t("Queued"), short: true, cell: (task) => <When at={task.QueueTime} /> },
    { key: "took", head: t("Took"), short: true, end: true, cell: (task) => spanOf(task, now) },
    {
      key: "node",
      head: t("Node"),
      short: true,
      cell: (task) => task.ServerNode?.replace(/^OctopusServerNodes-/, "") ?? "",
    },
    {
      key: "chosen",
      head: (
        <Checkbox
          size="xs"
          aria-label={t("Choose all that have not ended")}
          checked={all}
          disabled={open.length === 0}
          onChange={() => setChosen(new Set(all ? [] : open.map((task) => task.Id)))}
        />
      ),
      short: true,
      cell: (task) =>
        task.IsCompleted ? null : (
          <Checkbox
            size="xs"
            aria-label={t("Choose {{name}}", { name: task.Description })}
            checked={chosen.has(task.Id)}
            onChange={(event) => toggle(task.Id, event.currentTarget.checked)}
          />
        ),
    },
  ];
}

function Why({ task }: { task: Task }) {
  const waits = useQuery({ ...explained(task.Id), enabled: task.State === "Queued" }).data?.Reasons[0];
  const text = (task.State === "Failed" && task.ErrorMessage) || waits?.Text || task.RuleDescription;
  return (
    <Text span fz="sm" lineClamp={2} title={text}>
      {task.HasPendingInterruptions ? t("Waits for a person to decide.") : text}
    </Text>
  );
}

function NoTask({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered)
    return (
      <Empty
        title={t("No task fits these filters")}
        why={t("Others are there, or were: take a filter away.")}
      >
        <Button variant="default" onClick={onClear}>
          {t("Clear the filters")}
        </Button>
      </Empty>
    );
  return (
    <Empty
      title={t("No task yet")}
      why={t(
        "Every deployment and health check is a task, with its steps and its log. They appear here as they begin.",
      )}
    />
  );
}

/** Gives a text to the browser as a file. */
function save(text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = "tasks.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
