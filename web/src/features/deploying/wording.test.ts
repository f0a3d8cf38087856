import { describe, expect, it } from "vitest";
import { deployWords, summary } from "./wording";

const sum = (targets: number, skipped = 0) => ({ targets, steps: 3, skipped, elsewhere: 0 });

describe("the words of the button", () => {
  it.each([
    [12, ["Production"], false, "Deploy 2.4.1 to 12 targets in Production"],
    [1, ["Production"], false, "Deploy 2.4.1 to 1 target in Production"],
    [2, ["Test", "Live"], true, "Schedule 2.4.1 for 2 targets in Test and Live"],
    [0, ["Live"], false, "Deploy 2.4.1 to Live"],
    [0, [], false, "Deploy 2.4.1"],
  ] as const)("name object and effect: %i %j %j", (targets, places, later, words) => {
    expect(deployWords("2.4.1", sum(targets), places, later)).toBe(words);
  });

  it("are summed up in a line", () => {
    expect([summary(sum(1, 2)), summary(sum(0))]).toEqual(["3 steps on 1 target, 2 skipped", "3 steps"]);
  });
});
