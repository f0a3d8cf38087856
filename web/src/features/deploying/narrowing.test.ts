import { describe, expect, it, vi } from "vitest";

vi.mock("../infrastructure/shared", () => ({}));

const { narrowed, whyNobody } = await import("./narrowing");

const CHOICE = { only: [], without: ["Machines-9"], skip: ["Actions-1"] };

describe("targets of a saved filter", () => {
  it("are those of the plan that fit it, and steps that were left out stay so", () => {
    const fitting = { ids: ["Machines-2", "Machines-3", "Machines-8"] };
    const choice = narrowed(CHOICE, ["Machines-1", "Machines-2", "Machines-3"], fitting);
    expect(choice).toEqual({ only: ["Machines-2", "Machines-3"], without: [], skip: ["Actions-1"] });
    expect(whyNobody(choice, fitting, "North")).toBeUndefined();
  });

  it("are never all of them because none fits", () => {
    for (const fitting of [{ ids: ["Machines-8"] }, { ids: [] }, "missing", "asking"] as const)
      expect(narrowed(CHOICE, ["Machines-1"], fitting).only).not.toHaveLength(0);
    const none = narrowed(CHOICE, ["Machines-1"], { ids: [] });
    expect(none.only).not.toContain("Machines-1");
    expect(whyNobody(none, { ids: [] }, "North")).toBe("No target here fits the filter North.");
    expect(whyNobody(none, "missing", "North")).toBe("There is no saved filter North any more.");
  });

  it("are not asked for without a filter", () => {
    expect(narrowed(CHOICE, ["Machines-1"], undefined)).toBe(CHOICE);
    expect(whyNobody(CHOICE, undefined, undefined)).toBeUndefined();
  });
});
