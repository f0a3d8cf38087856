import { describe, expect, it } from "vitest";
import { moved } from "./order";

describe("another order", () => {
  it.each([
    ["a", 0, "abc"],
    ["a", 1, "bac"],
    ["a", 2, "bca"],
    ["c", 0, "cab"],
  ] as const)("with %s at place %d is %s", (id, to, order) => {
    expect(moved(["a", "b", "c"], id, to).join("")).toBe(order);
  });
});
