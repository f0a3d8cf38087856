import type { Schema } from "../../api/types";
import { day, page, someOf, texts } from "../../shell/address";

/** What of the list of tasks is in its address. Lists are joined with commas. */
export interface TasksSearch {
  states?: string;
  type?: string;
  project?: string;
  environment?: string;
  node?: string;
  text?: string;
  /** Days as YYYY-MM-DD, by when a task was put into the queue. */
  from?: string;
  to?: string;
  person?: boolean;
  page?: number;
}

/** Tasks on a page. */
export const PAGE_SIZE = 50;

const TEXTS = ["type", "project", "environment", "node", "text"] as const;
const STATES = ["Queued", "Executing", "Cancelling", "Success", "Failed", "Canceled", "TimedOut"];

/** The address's own values, without what it does not know. */
export function tasksSearch(search: Record<string, unknown>): TasksSearch {
  return {
    ...texts(search, TEXTS),
    states: someOf(STATES, search.states),
    from: day(search.from),
    to: day(search.to),
    person: search.person === true || undefined,
    page: page(search.page),
  };
}

/** The beginning of a day in the viewer's zone, or of the day after. */
function dayStart(day: string, more = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + more).toISOString();
}

/** The API's query for a search. */
export function queryOf(search: TasksSearch): Record<string, string | number | boolean | undefined> {
  return {
    states: search.states,
    name: search.type,
    project: search.project,
    environment: search.environment,
    node: search.node,
    description: search.text,
    fromQueueDate: search.from && dayStart(search.from),
    toQueueDate: search.to && dayStart(search.to, 1),
    hasPendingInterruptions: search.person,
    skip: ((search.page ?? 1) - 1) * PAGE_SIZE,
    take: PAGE_SIZE,
  };
}

type Task = Schema["Task"];

const COLUMNS: readonly (readonly [string, (task: Task) => string])[] = [
  ["Id", (task) => task.Id],
  ["Description", (task) => task.Description],
  ["Type", (task) => task.Name],
  ["State", (task) => task.State],
  ["Reason", (task) => task.RuleDescription],
  ["Queued", (task) => task.QueueTime],
  ["Started", (task) => task.StartTime ?? ""],
  ["Completed", (task) => task.CompletedTime ?? ""],
  ["Duration", (task) => task.Duration],
  ["Node", (task) => task.ServerNode ?? ""],
  ["Error", (task) => task.ErrorMessage ?? ""],
];

/** Quoted where it must be; text a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Tasks as lines of CSV with a heading. */
export function csvOf(tasks: readonly Task[]): string {
  const heading = COLUMNS.map(([name]) => name).join(",");
  const lines = tasks.map((task) => COLUMNS.map(([, read]) => cell(read(task))).join(","));
  return `${[heading, ...lines].join("\r\n")}\r\n`;
}
