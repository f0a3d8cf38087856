import { describe, expect, it } from "vitest";
import { meaningOf, type Pressed } from "./keys";

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  command: false,
  other: false,
  typing: false,
  ...more,
});

describe("a key", () => {
  it("opens the palette with Control or Command, also while one types", () => {
    expect(meaningOf(pressed("K", { command: true, typing: true }), "")).toEqual({ kind: "palette" });
  });

  it("goes to a place after g", () => {
    expect(meaningOf(pressed("g"), "")).toEqual({ kind: "wait" });
    expect(meaningOf(pressed("t"), "g")).toEqual({ kind: "go", key: "t" });
  });

  it("is help or filter on its own", () => {
    expect(meaningOf(pressed("?"), "")).toEqual({ kind: "help" });
    expect(meaningOf(pressed("/"), "")).toEqual({ kind: "filter" });
  });

  it.each(["?", "/", "g"])("%s is text where one types, and another's with a modifier", (key) => {
    expect(meaningOf(pressed(key, { typing: true }), "")).toEqual({ kind: "nothing" });
    expect(meaningOf(pressed(key, { other: true }), "")).toEqual({ kind: "nothing" });
  });
});
