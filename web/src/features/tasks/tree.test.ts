import { describe, expect, it } from "vitest";
import { byTarget, each, type FlatNode, folded, pathTo, shares, spanOf, treeOf } from "./tree";

const node = (
  Id: string,
  ParentId: string | null,
  Name: string,
  Status = "Success",
  more = {},
): FlatNode => ({
  Id,
  ParentId,
  Name,
  Status,
  Started: null,
  Ended: null,
  ProgressPercentage: 0,
  ProgressMessage: "",
  ...more,
});

const NODES = [
  node("t", null, "Deploy"),
  node("s1", "t", "Step 1: Copy"),
  node("a", "s1", "web-01", "Failed"),
  node("b", "s1", "web-02"),
  node("s2", "t", "Step 2: Start"),
  node("c", "s2", "web-02"),
  node("a3", "s1", "web-01 (attempt 3)", "Success"),
  node("a2", "s1", "web-01 (attempt 2)", "Failed"),
];

describe("the tree of a task", () => {
  it("has one entry a target, the last attempt, which knows the ones before", () => {
    const root = treeOf(NODES);
    const step = root?.children[0];
    expect(step?.children.map((child) => child.Name)).toEqual(["web-01 (attempt 3)", "web-02"]);
    expect(step?.children[0]?.earlier.map((one) => one.Id)).toEqual(["a", "a2"]);
    expect(root && [...each(root)].length).toBe(NODES.length);
  });

  it("is the same whatever order its activities come in, and nothing without the task", () => {
    const ids = (nodes: readonly FlatNode[]) => {
      const root = treeOf(nodes);
      return root ? [...each(root)].map((one) => one.Id).toSorted() : [];
    };
    expect(ids(NODES.toReversed())).toEqual(ids(NODES));
    expect(treeOf([])).toBeUndefined();
    expect(treeOf([node("s1", "t", "Step")])).toBeUndefined();
  });

  it("leads to an activity by way of those above, also for an earlier attempt", () => {
    const root = treeOf(NODES);
    expect(root && pathTo(root, "a2").map((one) => one.Id)).toEqual(["t", "s1", "a3"]);
    expect(root && pathTo(root, "none")).toEqual([]);
  });

  it("folds many quiet activities and shows those with trouble", () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      node(`m${at}`, "t", `web-${at}`, at === 7 ? "Failed" : "Success"),
    );
    const { shown, folds } = folded(treeOf([node("t", null, "T"), ...many])?.children ?? []);
    expect(shown.map((one) => one.Name)).toEqual(["web-7"]);
    expect(folds.map(({ status, activities }) => [status, activities.length])).toEqual([["Success", 39]]);
  });

  it("tells how long each took, against the longest", () => {
    const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000+00:00`;
    const now = new Date(at(30)).getTime();
    const root = treeOf([
      node("t", null, "T"),
      node("x", "t", "x", "Success", { Started: at(0), Ended: at(5) }),
      node("y", "t", "y", "Running", { Started: at(10) }),
      node("z", "t", "z", "Pending"),
    ]);
    const share = shares(root?.children ?? [], now);
    expect([share.get("x"), share.get("y"), share.get("z")]).toEqual([0.25, 1, 0]);
    expect(spanOf({ Started: null, Ended: null }, now)).toBeUndefined();
  });

  it("stands side by side by target, those with trouble first", () => {
    const root = treeOf(NODES.map((one) => (one.Id === "c" ? { ...one, Status: "Failed" } : one)));
    const table = root && byTarget(root);
    expect(table?.targets).toEqual(["web-02", "web-01"]);
    expect(table?.rows.map(({ step, cells }) => [step.Id, [...cells.keys()]])).toEqual([
      ["s1", ["web-01", "web-02"]],
      ["s2", ["web-02"]],
    ]);
  });
});
