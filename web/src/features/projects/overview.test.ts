import { describe, expect, it } from "vitest";
import type { Schema } from "../../api/types";
import { overviewOf, overviewSearch } from "./overview";

const places = ["Dev", "Test", "Prod"].map((Name) => ({ Id: Name, Name }));
const item = (EnvironmentId: string, Created: string, State = "Success") => ({
  Id: `Deployments-${EnvironmentId}-${Created}`,
  EnvironmentId,
  Created,
  State,
  HasPendingInterruptions: false,
  HasWarningsOrErrors: State === "Failed",
});
const row = (Version: string, channel: string, more: object) => ({
  Release: { Id: `Releases-${Version}`, Version },
  Channel: { Id: channel, Name: channel },
  Deployments: {},
  NextDeployments: [],
  HasUnresolvedDefect: false,
  ...more,
});
const progression = {
  Environments: places,
  ChannelEnvironments: { Stable: places, Hotfix: places.slice(2) },
  Releases: [
    row("3", "Hotfix", { NextDeployments: ["Prod"] }),
    row("2", "Stable", { Deployments: { Dev: [item("Dev", "2026-02")] }, NextDeployments: ["Test"] }),
    row("1", "Stable", {
      Deployments: { Dev: [item("Dev", "2026-01")], Test: [item("Test", "2026-01", "Failed")] },
      HasUnresolvedDefect: true,
    }),
  ],
} as unknown as Schema["Progression"];

describe("the overview of a project", () => {
  const { lines, channels, environments } = overviewOf(progression, undefined);
  const [third, second, first] = lines;

  it("has all environments and channels", () => {
    expect(environments).toBe(places);
    expect(channels.map((each) => each.Name)).toEqual(["Hotfix", "Stable"]);
  });

  it("says where a release may go, and where its channel never goes", () => {
    expect(third?.spots.map((each) => [each.within, each.next])).toEqual([
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  it("says what must happen first", () => {
    expect(second?.spots[2]?.blocked).toEqual({ defect: false, before: ["Test"] });
    expect(first?.spots[2]?.blocked).toEqual({ defect: true, before: [] });
    expect(second?.spots[1]?.blocked).toBeUndefined();
  });

  it("knows what is where now, whatever came before", () => {
    expect([second?.spots[0]?.current, first?.spots[0]?.current]).toEqual([true, false]);
    expect([first?.spots[1]?.current, first?.spots[1]?.state]).toEqual([true, "failed"]);
  });

  it("narrows to a channel, and to none that is not there", () => {
    const narrowed = overviewOf(progression, "Hotfix");
    expect(narrowed.lines.map((line) => line.release.Version)).toEqual(["3"]);
    expect(narrowed.environments.map((each) => each.Name)).toEqual(["Prod"]);
    expect(overviewOf(progression, "gone").lines).toHaveLength(3);
  });

  it("keeps its channel in the address", () => {
    expect(overviewSearch({ channel: "Channels-1", other: 1 })).toEqual({ channel: "Channels-1" });
    expect(overviewSearch({ channel: 3 })).toEqual({});
  });
});
