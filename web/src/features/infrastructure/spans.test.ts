import { describe, expect, it } from "vitest";
import { secondsOf, spanOf, textOf, UNITS } from "./spans";

describe("spans of time", () => {
  it.each([
    ["1.00:00:00", { count: 1, unit: "days" }],
    ["00:02:30", { count: 150, unit: "seconds" }],
    ["01:30:00", { count: 90, unit: "minutes" }],
    ["00:00:00", { count: 0, unit: "seconds" }],
    ["", { count: 0, unit: "seconds" }],
  ] as const)("reads %j in the largest unit that fits", (text, span) => {
    expect(spanOf(text)).toEqual(span);
  });

  it("comes back as it went, in every unit", () => {
    for (const unit of UNITS)
      for (const count of [0, 1, 7, 59, 61, 1000])
        expect(secondsOf(textOf({ count, unit }))).toBe(
          count * { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }[unit],
        );
    expect(secondsOf("soon")).toBeUndefined();
  });
});
