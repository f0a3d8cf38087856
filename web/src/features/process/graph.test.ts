import { describe, expect, it } from "vitest";
import { type Box, beside, drawn, groupsOf, type Sized } from "./graph";

const sized = (id: string, more: Partial<Sized> = {}): Sized => ({
  id,
  name: id,
  condition: "Success",
  facts: 2,
  children: [],
  ...more,
});

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

const PROCESS = [
  [sized("build", { children: ["build/1", "build/2"] })],
  [
    sized("web"),
    sized("db", { facts: 5 }),
    sized("cache", { name: "a name that is far too long for one line" }),
  ],
  [sized("tell", { condition: "Failure" })],
];

describe("the graph of a process", () => {
  it("starts steps together with the one before, and the first by itself", () => {
    const step = (StartTrigger: "StartAfterPrevious" | "StartWithPrevious") => ({ StartTrigger });
    const [a, b, c, d] = [
      step("StartWithPrevious"),
      step("StartWithPrevious"),
      step("StartAfterPrevious"),
      step("StartWithPrevious"),
    ];
    expect(groupsOf([a, b, c, d])).toEqual([
      [a, b],
      [c, d],
    ]);
    expect(groupsOf([])).toEqual([]);
  });

  it.each([17, 20, 40, 80, 200])("lets nothing overlap or stick out in a room of %d rem", (width) => {
    const { nodes, frames, height } = drawn(PROCESS, width);
    expect(nodes.map((each) => each.id)).toEqual(["build", "web", "db", "cache", "tell"]);
    for (const [at, node] of nodes.entries()) {
      for (const other of nodes.slice(at + 1)) expect(apart(node.box, other.box)).toBe(true);
      expect(node.box.x).toBeGreaterThanOrEqual(0);
      expect(node.box.x + node.box.width).toBeLessThanOrEqual(width);
      expect(node.box.y + node.box.height).toBeLessThanOrEqual(height);
    }
    expect(frames).toHaveLength(1);
    for (const frame of frames)
      for (const node of nodes) expect(apart(node.box, frame)).toBe(["build", "tell"].includes(node.id));
  });

  it("sets what starts together side by side where there is room, and else below each other", () => {
    const rows = (width: number) => drawn(PROCESS, width).nodes.map((each) => each.row);
    expect(rows(80)).toEqual([0, 1, 1, 1, 2]);
    expect(rows(40)).toEqual([0, 1, 1, 2, 3]);
    expect(rows(18)).toEqual([0, 1, 2, 3, 4]);
  });

  it("leads from each group to the next, and tells on what condition", () => {
    const { ways } = drawn(PROCESS, 80);
    expect(ways.map((way) => way.condition)).toEqual(["Success", "Failure"]);
    for (const { from, to } of ways) expect(to[1]).toBeGreaterThan(from[1]);
    expect(drawn([], 80)).toMatchObject({ nodes: [], ways: [], height: 0 });
  });

  it("gives actions their place within their step", () => {
    const [build] = drawn(PROCESS, 80).nodes;
    const [one, two] = build?.children ?? [];
    expect(one && two && apart(one.box, two.box)).toBe(true);
    expect((two?.box.y ?? 0) + (two?.box.height ?? 0)).toBeLessThan(build?.box.height ?? 0);
  });
});

describe("the arrow keys in the graph", () => {
  const wide = drawn(PROCESS, 80);
  const go = (step: string, key: string, action?: string) => beside(wide, { step, action }, key);

  it("go down through the actions of a step to the nearest step below, and up the same way", () => {
    expect(go("build", "ArrowDown")).toEqual({ step: "build", action: "build/1" });
    expect(go("build", "ArrowDown", "build/1")).toEqual({ step: "build", action: "build/2" });
    expect(go("build", "ArrowDown", "build/2")).toEqual({ step: "db" });
    expect(go("db", "ArrowUp")).toEqual({ step: "build", action: "build/2" });
    expect(go("build", "ArrowUp", "build/1")).toEqual({ step: "build" });
    expect(go("build", "ArrowUp")).toBeUndefined();
    expect(go("tell", "ArrowDown")).toBeUndefined();
  });

  it("go sideways between steps that start together, and not beyond", () => {
    expect(go("web", "ArrowRight")).toEqual({ step: "db" });
    expect(go("db", "ArrowLeft")).toEqual({ step: "web" });
    expect(go("web", "ArrowLeft")).toBeUndefined();
    expect(go("cache", "ArrowRight")).toBeUndefined();
    expect(go("tell", "ArrowLeft")).toBeUndefined();
  });

  it("begin at the first step where nothing is chosen, and go to both ends", () => {
    expect(beside(wide, undefined, "ArrowDown")).toEqual({ step: "build" });
    expect(go("gone", "ArrowDown")).toEqual({ step: "build" });
    expect(go("db", "Home")).toEqual({ step: "build" });
    expect(go("db", "End")).toEqual({ step: "tell" });
    expect(go("db", "Enter")).toBeUndefined();
  });
});
