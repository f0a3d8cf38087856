import { describe, expect, it } from "vitest";
import { ago } from ".";

describe("how long ago", () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0);
  const at = (seconds: number) => ago(now + seconds * 1000, now);

  it("takes what a clock a little ahead told for what has just happened", () => {
    expect([at(0), at(1), at(2)]).toEqual(["now", "now", "now"]);
  });

  it("still tells what is to come, and what was", () => {
    expect([at(3), at(-1), at(-200)]).toEqual(["in 3 seconds", "1 second ago", "3 minutes ago"]);
  });
});
