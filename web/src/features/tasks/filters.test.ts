import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { csvOf, queryOf, tasksSearch } from "./filters";
import { taskSearch } from "./search";

describe("the address of the list of tasks", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(
      tasksSearch({ states: "Queued,Executing", text: 12, from: "2026-01-02", to: "soon", page: "3", x: 1 }),
    ).toEqual({ states: "Queued,Executing", text: "12", from: "2026-01-02", page: 3 });
    expect(tasksSearch({ page: 1, person: "yes" })).toEqual({});
  });

  it("is a query of the API, with whole days of the viewer's zone", () => {
    const query = queryOf({ states: "Queued", from: "2026-01-02", to: "2026-01-02", page: 2 });
    expect(query).toMatchObject({ states: "Queued", skip: 50, take: 50 });
    const length =
      new Date(String(query.toQueueDate)).getTime() - new Date(String(query.fromQueueDate)).getTime();
    expect(length).toBe(24 * 3_600_000);
  });
});

describe("the address of a task", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(
      taskSearch({ node: "n", level: "Loud", wrap: true, times: "x", lines: 12, find: 5, by: "x" }),
    ).toEqual({
      node: "n",
      wrap: true,
      lines: 12,
      find: "5",
    });
  });
});

describe("tasks as CSV", () => {
  it("are quoted, and nothing runs in a spreadsheet", () => {
    const task = {
      Id: "ServerTasks-1",
      Description: '=cmd("x")',
      Name: "Deploy",
      State: "Failed",
      RuleDescription: "a, b",
    };
    const lines = csvOf([{ QueueTime: "", Duration: "", ...task } as Schema["Task"]]).split("\r\n");
    expect(lines[0]).toBe("Id,Description,Type,State,Reason,Queued,Started,Completed,Duration,Node,Error");
    expect(lines[1]).toBe(`ServerTasks-1,"'=cmd(""x"")",Deploy,Failed,"a, b",,,,,,`);
  });
});
