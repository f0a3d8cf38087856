import { describe, expect, it } from "vitest";
import { spanOf, stateOfNode } from "./spans";

describe("a time span", () => {
  it("has days before the point", () => {
    expect(spanOf("1.02:03:04")).toBe(((24 + 2) * 3600 + 3 * 60 + 4) * 1000);
    expect(spanOf("00:00:30")).toBe(30_000);
    expect(spanOf("soon")).toBe(0);
  });
});

describe("a node", () => {
  it("is drained only when nothing runs any more, and offline before everything else", () => {
    const node = { IsOffline: false, IsInMaintenanceMode: false, IsDrained: false };
    expect(stateOfNode(node).word).toBe("Online");
    expect(stateOfNode({ ...node, IsInMaintenanceMode: true }).word).toBe("Draining");
    expect(stateOfNode({ ...node, IsInMaintenanceMode: true, IsDrained: true }).word).toBe("Drained");
    expect(stateOfNode({ ...node, IsOffline: true, IsInMaintenanceMode: true }).word).toBe("Offline");
  });
});
