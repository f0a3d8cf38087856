import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { asLocal, asMoment } from "../../parts/localTime";
import { answersOf, optionsOf, questionsOf, timeProblems, unanswered } from "./asking";

const element = (name: string, control: object, required = false): Schema["FormElement"] => ({
  Name: name,
  Control: control as Record<string, never>,
  IsValueRequired: required,
});

const FORM: Schema["Form"] = {
  Values: { v1: "blue" },
  Elements: [
    element("v1", {
      Name: "Colour",
      Label: "Which colour",
      DisplaySettings: { "Octopus.ControlType": "Select", "Octopus.SelectOptions": "blue|Blue\nred" },
    }),
    element("v2", { Name: "Token", IsSecure: true }, true),
    element("v3", { Name: "Reason", Label: "", DisplaySettings: {} }, true),
  ],
};

describe("questions to whoever deploys", () => {
  it("are asked once for several environments, as their controls say", () => {
    const asked = questionsOf([FORM, FORM]);
    expect(asked.map((each) => [each.label, each.control])).toEqual([
      ["Which colour", "choice"],
      ["Token", "secret"],
      ["Reason", "text"],
    ]);
    expect(asked[0]?.options).toEqual([
      { value: "blue", label: "Blue" },
      { value: "red", label: "red" },
    ]);
    expect(asked[0]?.start).toBe("blue");
  });

  it("are missing where nothing was said, but not a secret, which may have a value nobody sees", () => {
    const asked = questionsOf([FORM]);
    expect(unanswered(asked, {})).toEqual(["Reason"]);
    expect(unanswered(asked, { v3: "  " })).toEqual(["Reason"]);
    expect(unanswered(asked, { v3: "because" })).toEqual([]);
  });

  it("are answered by names of variables, an empty secret not at all", () => {
    const asked = questionsOf([FORM]);
    expect(answersOf(asked, { v1: "red", v2: "", v3: "" })).toEqual({ Colour: "red", Reason: "" });
  });

  it("offer lines of value and label", () => {
    expect(optionsOf("\n a|b|c \nd|\n")).toEqual([
      { value: "a", label: "b|c" },
      { value: "d", label: "d" },
    ]);
  });
});

describe("times of a deployment", () => {
  const now = new Date("2026-03-01T12:00").getTime();

  it("stand in the viewer's zone and go to the server in UTC", () => {
    const at = new Date(2026, 2, 1, 9, 5);
    expect(asLocal(at)).toBe("2026-03-01T09:05");
    expect(asMoment("2026-03-01T09:05")).toBe(at.toISOString());
    expect(asMoment("")).toBeUndefined();
  });

  it("are fine when they are now, or soon and in order", () => {
    expect(timeProblems({ start: "", expiry: "" }, now)).toEqual({});
    expect(timeProblems({ start: "2026-03-02T12:00", expiry: "2026-03-02T13:00" }, now)).toEqual({});
  });

  it.each([
    [{ start: "2026-04-12T12:00", expiry: "" }, "start"],
    [{ start: "2026-02-12T12:00", expiry: "" }, "start"],
    [{ start: "", expiry: "2026-03-01T11:00" }, "expiry"],
    [{ start: "2026-03-02T12:00", expiry: "2026-03-02T12:00" }, "expiry"],
  ] as const)("say before what would be refused: %j", (times, where) => {
    expect(Object.keys(timeProblems(times, now))).toEqual([where]);
  });
});
