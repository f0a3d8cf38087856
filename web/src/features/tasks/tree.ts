import type { Schema } from "../../api/types";

/** An activity of a task as the stream tells it. */
export interface FlatNode {
  Id: string;
  ParentId: string | null;
  Name: string;
  Status: string;
  Started: string | null;
  Ended: string | null;
  ProgressPercentage: number;
  ProgressMessage: string;
}

/** An activity with what is below it. `earlier` are the attempts before this one on the same target. */
export interface Activity extends FlatNode {
  children: Activity[];
  earlier: Activity[];
}

/** Activities that look alike and are shown as one line until somebody wants to see them. */
export interface Fold {
  status: string;
  activities: Activity[];
}

/** Below so many activities none is folded away. */
const FEW = 8;
const QUIET = new Set(["Success", "Skipped", "Pending", "Canceled"]);
const ATTEMPT = /^(.*) \(attempt (\d+)\)$/;

/** The activities of a task's details, each with its parent's id, parents first. */
export function flattened(node: Schema["ActivityElement"], parent: string | null = null): FlatNode[] {
  const { Id, Name, Status, Started, Ended, ProgressPercentage, ProgressMessage } = node;
  const own = { Id, ParentId: parent, Name, Status, Started, Ended, ProgressPercentage, ProgressMessage };
  return [own, ...node.Children.flatMap((child) => flattened(child, Id))];
}

/** The name of a target without the attempt. */
export const withoutAttempt = (name: string): string => ATTEMPT.exec(name)?.[1] ?? name;

/** The tree of a task, from its activities in any order. Undefined while the task's own is not known. */
export function treeOf(nodes: Iterable<FlatNode>): Activity | undefined {
  const all = new Map<string, Activity>();
  for (const node of nodes) all.set(node.Id, { ...node, children: [], earlier: [] });
  let root: Activity | undefined;
  for (const node of all.values()) {
    const parent = node.ParentId ? all.get(node.ParentId) : undefined;
    if (parent) parent.children.push(node);
    else if (!node.ParentId) root = node;
  }
  for (const node of all.values()) node.children = withAttempts(node.children);
  return root;
}

/** One activity a target: the last attempt, which knows the ones before. */
function withAttempts(children: readonly Activity[]): Activity[] {
  const by = new Map<string, Activity[]>();
  for (const child of children) {
    const name = withoutAttempt(child.Name);
    const same = by.get(name);
    if (same && ATTEMPT.test(child.Name)) same.push(child);
    else by.set(same ? `${name} ${child.Id}` : name, [child]);
  }
  return [...by.values()].map((attempts) => {
    const sorted = attempts.toSorted((one, other) => attemptOf(one.Name) - attemptOf(other.Name));
    const last = sorted.pop() as Activity;
    last.earlier = sorted;
    return last;
  });
}

const attemptOf = (name: string): number => Number(ATTEMPT.exec(name)?.[2] ?? 1);

/** What is shown one by one, and what is folded: many activities in the same quiet state. */
export function folded(children: readonly Activity[]): { shown: Activity[]; folds: Fold[] } {
  if (children.length <= FEW) return { shown: [...children], folds: [] };
  const counts = new Map<string, Activity[]>();
  for (const child of children)
    if (child.children.length === 0 && QUIET.has(child.Status) && child.earlier.length === 0)
      counts.set(child.Status, [...(counts.get(child.Status) ?? []), child]);
  const folds = [...counts].filter(([, same]) => same.length > FEW / 2);
  const away = new Set(folds.flatMap(([, same]) => same));
  return {
    shown: children.filter((child) => !away.has(child)),
    folds: folds.map(([status, activities]) => ({ status, activities })),
  };
}

/** An activity and all below it, its earlier attempts too. */
export function* each(node: Activity): Generator<Activity> {
  yield node;
  for (const one of node.earlier) yield one;
  for (const child of node.children) yield* each(child);
}

/** The activity of an id, and the ones above it. */
export function pathTo(root: Activity, id: string): Activity[] {
  if (root.Id === id || root.earlier.some((one) => one.Id === id)) return [root];
  for (const child of root.children) {
    const path = pathTo(child, id);
    if (path.length > 0) return [root, ...path];
  }
  return [];
}

/** How long an activity took, or takes so far, in milliseconds; undefined for one that has not begun. */
export function spanOf(node: { Started: string | null; Ended: string | null }, now: number) {
  if (!node.Started) return undefined;
  const end = node.Ended ? new Date(node.Ended).getTime() : now;
  return Math.max(0, end - new Date(node.Started).getTime());
}

/** The share of the longest among its siblings that an activity took: 0 to 1. */
export function shares(children: readonly Activity[], now: number): Map<string, number> {
  const spans = children.map((child) => [child.Id, spanOf(child, now) ?? 0] as const);
  const longest = Math.max(1, ...spans.map(([, span]) => span));
  return new Map(spans.map(([id, span]) => [id, span / longest]));
}

/** A row of the table of steps by targets. */
export interface StepRow {
  step: Activity;
  cells: Map<string, Activity>;
}

/** Steps (or the actions of a step with several) as rows and targets as columns, those with trouble first. */
export function byTarget(root: Activity): { targets: string[]; rows: StepRow[] } {
  const rows: StepRow[] = [];
  for (const step of root.children) {
    const inner = step.children.filter((child) => child.children.length > 0);
    for (const one of inner.length > 0 ? inner : [step])
      rows.push({
        step: one,
        cells: new Map(one.children.map((child) => [withoutAttempt(child.Name), child])),
      });
  }
  const trouble = new Map<string, number>();
  for (const { cells } of rows)
    for (const [name, { Status }] of cells) {
      const weight =
        Status === "Failed" ? 100 : Status === "Running" ? 10 : Status === "SuccessWithWarning" ? 1 : 0;
      trouble.set(name, (trouble.get(name) ?? 0) + weight);
    }
  const targets = [...trouble.keys()].toSorted(
    (one, other) => (trouble.get(other) ?? 0) - (trouble.get(one) ?? 0) || one.localeCompare(other),
  );
  return { targets, rows };
}
