import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { lastPieces } from "./log/segments";
import { asked, EFFECTS } from "./questions";
import { excerptsOf } from "./trouble";

const question = (name: string, buttons: readonly string[]) =>
  ({
    Form: {
      Values: {},
      Elements: [
        { Name: "Instructions", Control: { Type: "Paragraph", Text: "It broke on web." } },
        { Name: "Notes", Control: { Type: "TextArea", Label: "Notes" } },
        {
          Name: name,
          Control: {
            Type: "SubmitButtonGroup",
            Buttons: buttons.map((each) => ({
              Text: each,
              Value: each,
              RequiresConfirmation: each === "Fail",
            })),
          },
        },
      ],
    },
  }) as unknown as Schema["Interruption"];

describe("a question of a task", () => {
  it("says what it is about and which answers it takes, under the name they are sent with", () => {
    const { about, field, choices } = asked(question("Guidance", ["Retry", "Fail"]));
    expect([about, field]).toEqual(["It broke on web.", "Guidance"]);
    expect(choices).toEqual([
      { value: "Retry", text: "Retry", grave: false },
      { value: "Fail", text: "Fail", grave: true },
    ]);
    expect(asked(question("Result", ["Proceed"])).field).toBe("Result");
  });

  it("has a sentence for what each answer to a failure does", () => {
    for (const answer of ["Retry", "Ignore", "Exclude", "Fail"]) expect(EFFECTS[answer]).toBeTruthy();
  });
});

describe("the last lines of an activity", () => {
  it("are read from its last pieces", () => {
    const runs = [
      [0, 10],
      [20, 3],
      [40, 4],
    ];
    expect(lastPieces(runs, 6)).toEqual([
      { first: 21, take: 2 },
      { first: 40, take: 4 },
    ]);
    expect(lastPieces(runs, 2)).toEqual([{ first: 42, take: 2 }]);
    expect(lastPieces([], 5)).toEqual([]);
  });
});

describe("errors lifted to the top", () => {
  const line = (at: number, Category = "Info") => ({
    Number: at,
    Category,
    Text: `line ${at}`,
    OccurredAt: "",
  });
  const hit = (at: number, before: number[], after: number[], Node = "n") => ({
    ...line(at, "Error"),
    Node,
    Before: before.map((each) => line(each, each === 1 ? "Verbose" : "Info")),
    After: after.map((each) => line(each, each === 5 ? "Error" : "Info")),
  });
  const numbers = (hits: Parameters<typeof excerptsOf>[0]) =>
    excerptsOf(hits).map((each) => each.lines.map((one) => `${one.number}${one.grave ? "!" : ""}`).join(" "));

  it("are one piece where they are near each other, without verbose lines", () => {
    expect(numbers([hit(3, [1, 2], [4, 5]), hit(5, [3, 4], [6])])).toEqual(["2 3! 4 5! 6"]);
  });

  it("are pieces of their own where they are far apart, or of another target", () => {
    expect(numbers([hit(3, [2], [4]), hit(9, [8], [])])).toEqual(["2 3! 4", "8 9!"]);
    expect(numbers([hit(3, [], []), hit(4, [], [], "m")])).toEqual(["3!", "4!"]);
  });
});
