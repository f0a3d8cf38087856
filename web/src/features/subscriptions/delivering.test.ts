import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { going, minutesOf, spanOf } from "./delivering";

describe("a way of telling", () => {
  it("is off, waiting, well or failing", () => {
    const delivery = { Failures: 0, LastSuccess: "2026-01-01T00:00:00Z" } as Schema["Delivery"];
    expect(going(delivery, false).word).toBe("Off");
    expect(going(null, true).word).toBe("Nothing yet");
    expect(going(delivery, true).state).toBe("success");
    expect(going({ ...delivery, Failures: 2 }, true).state).toBe("failed");
  });

  it("has its span in minutes, there and back", () => {
    expect([minutesOf("01:00:00"), minutesOf("1.02:05:00"), minutesOf(undefined)]).toEqual([60, 1565, 0]);
    expect([60, 5, 1565].map(spanOf)).toEqual(["01:00:00", "00:05:00", "1.02:05:00"]);
  });
});
