import { describe, expect, it } from "vitest";
import { matching, placesOf, taskOf } from "./finding";

const place = (text: string, about = "") => ({ id: text, text, about });

describe("the palette", () => {
  it("finds by the beginnings of words, and puts names that begin so first", () => {
    const all = [place("Variable sets", "Library"), place("Environments", "Infrastructure"), place("Audit")];
    expect(matching(all, "env inf").map((each) => each.text)).toEqual(["Environments"]);
    expect(matching([place("My audit"), place("Audit")], "aud").map((each) => each.text)).toEqual([
      "Audit",
      "My audit",
    ]);
    expect(matching(all, "zzz")).toEqual([]);
  });

  it("knows a task by its number", () => {
    expect(taskOf("42", "Spaces-1")[0]?.to).toBe("/Spaces-1/tasks/ServerTasks-42");
    expect(taskOf("servertasks-7", "Spaces-1")[0]?.text).toBe("ServerTasks-7");
    expect(taskOf("web 42", "Spaces-1")).toEqual([]);
  });

  it("leaves out kinds that have no page", () => {
    const results = [
      { Id: "Projects-1", Name: "Web", Type: "Project" },
      { Id: "X-1", Name: "X", Type: "Unheard" },
    ];
    expect(placesOf(results, "Spaces-1")).toEqual([
      { id: "Projects-1", text: "Web", about: "Project", to: "/Spaces-1/projects/Projects-1" },
    ]);
  });
});
