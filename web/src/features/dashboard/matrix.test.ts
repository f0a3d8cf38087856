import { describe, expect, it } from "vitest";
import { blocksOf, type Cell, matrixOf, moved, shortAge, stateOfCell } from "./matrix";

const project = (n: number, group: string, more = {}) => ({
  Id: `Projects-${n}`,
  Name: `Service ${n}`,
  Slug: `service-${n}`,
  ProjectGroupId: group,
  IsDisabled: false,
  Reach: 0,
  ...more,
});

const board = {
  Projects: [project(1, "G-1"), project(2, "G-1", { Reach: 1 }), project(3, "G-2")],
  ProjectGroups: [
    { Id: "G-1", Name: "One" },
    { Id: "G-2", Name: "Two" },
  ],
  Environments: ["Dev", "Test", "Prod"].map((Name) => ({ Id: Name, Name })),
  Reaches: [[0, 1, 2], [0]],
};

const shape = (search: object) => {
  const { lines, columns } = matrixOf(board, search);
  return [
    lines.map((line) => (line.kind === "group" ? `# ${line.name} ${line.count}` : line.project.Name)),
    columns.map((each) => each.Name),
  ];
};

describe("the matrix", () => {
  it("has projects below their groups, and environments across", () => {
    expect(shape({})).toEqual([
      ["# One 2", "Service 1", "Service 2", "# Two 1", "Service 3"],
      ["Dev", "Test", "Prod"],
    ]);
  });

  it("leaves what a search asks for, and no heading without projects", () => {
    expect(shape({ q: "ICE 3", environments: "Prod,gone" })).toEqual([["# Two 1", "Service 3"], ["Prod"]]);
    expect(shape({ groups: "G-1" })[0]).toEqual(["# One 2", "Service 1", "Service 2"]);
    expect(shape({ q: "nothing like it" })[0]).toEqual([]);
  });

  it("shows all columns when those of an old address are gone", () => {
    expect(shape({ environments: "gone" })[1]).toEqual(["Dev", "Test", "Prod"]);
  });

  it("knows where a project may go", () => {
    const second = matrixOf(board, {}).lines[2];
    expect(second?.kind === "project" && [...second.reach]).toEqual(["Dev"]);
  });
});

describe("what is asked for", () => {
  const large = matrixOf(
    {
      ...board,
      Projects: Array.from({ length: 100 }, (_, n) => project(n, "G-1")),
      Environments: Array.from({ length: 50 }, (_, n) => ({ Id: `E-${n}`, Name: `E ${n}` })),
    },
    {},
  );

  it("lies in blocks at fixed places, so that scrolling a little asks for nothing new", () => {
    expect(blocksOf(large, [2, 20], [0, 8])).toEqual(blocksOf(large, [5, 23], [3, 15]));
    expect(blocksOf(large, [0, 10], [0, 5])).toHaveLength(1);
    expect(blocksOf(large, [20, 30], [10, 20])).toHaveLength(4);
  });

  it("covers everything that is seen", () => {
    const seen = blocksOf(large, [30, 80], [5, 40]);
    const ids = new Set(seen.flatMap((block) => block.projects));
    for (const line of large.lines.slice(30, 81)) expect(ids.has(line.id)).toBe(true);
    expect(new Set(seen.flatMap((block) => block.environments)).size).toBe(48);
  });
});

describe("keys", () => {
  const size = [10, 4] as const;
  it.each([
    ["ArrowDown", false, [1, 0]],
    ["ArrowUp", false, [0, 0]],
    ["ArrowRight", false, [0, 1]],
    ["ArrowLeft", false, [0, 0]],
    ["End", false, [0, 3]],
    ["End", true, [9, 3]],
    ["PageDown", false, [5, 0]],
  ] as const)("%s (ctrl: %s) goes to %j", (key, ctrl, place) => {
    expect(moved(key, ctrl, [0, 0], size, 5)).toEqual(place);
  });

  it("leaves other keys alone", () => {
    expect(moved("Tab", false, [0, 0], size, 5)).toBeUndefined();
  });
});

describe("ages", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  it.each([
    ["2026-03-01T11:59:30Z", "now"],
    ["2026-03-01T11:55:00Z", "5m"],
    ["2026-03-01T09:00:00Z", "3h"],
    ["2026-02-20T12:00:00Z", "9d"],
    ["2026-03-01T12:00:10Z", "now"],
  ])("of %s is %s", (at, said) => {
    expect(shortAge(at, now, "en", "now")).toBe(said);
  });
});

describe("the state of a cell", () => {
  const cell = { State: "Executing", HasPendingInterruptions: false, HasWarningsOrErrors: false } as Cell;
  it("says that somebody is waited for, and that something wants a look", () => {
    expect(stateOfCell(cell)).toBe("running");
    expect(stateOfCell({ ...cell, HasPendingInterruptions: true })).toBe("waiting");
    expect(stateOfCell({ ...cell, State: "Success", HasWarningsOrErrors: true })).toBe("warning");
    expect(stateOfCell({ ...cell, State: "Failed", HasWarningsOrErrors: true })).toBe("failed");
  });
});
