import { describe, expect, it } from "vitest";
import { command, inviteCommand, isLoopback, missing, samePrint, searchOf, sshStep, stageOf } from "./adding";

const nothing = { environments: [], tags: [], pools: [] };

describe("adding a machine", () => {
  it("reads its way from the address and ignores ways there are not", () => {
    expect(searchOf({ kind: "ssh", environments: "Environments-1" })).toEqual({
      kind: "ssh",
      environments: "Environments-1",
    });
    expect(searchOf({ kind: "carrier-pigeon", pools: 3 })).toEqual({ pools: "3" });
  });

  it("asks a target for environments and tags, a worker for pools", () => {
    expect(missing("machines", nothing)).toContain("environments");
    expect(missing("machines", { ...nothing, environments: ["Environments-1"] })).toContain("tag");
    expect(missing("machines", { ...nothing, environments: ["a"], tags: ["web"] })).toBeUndefined();
    expect(missing("workers", nothing)).toContain("pools");
    expect(missing("workers", { ...nothing, pools: ["WorkerPools-1"] })).toBeUndefined();
  });

  it("goes from waiting to connected as the token is used and the check ends", () => {
    const seen = { used: false, expired: false, waited: 0 };
    expect(stageOf(seen)).toBe("waiting");
    expect(stageOf({ ...seen, waited: 60_000 })).toBe("late");
    expect(stageOf({ ...seen, expired: true })).toBe("gone");
    expect(stageOf({ ...seen, used: true, expired: true })).toBe("registered");
    expect(stageOf({ ...seen, used: true, health: "Unknown" })).toBe("registered");
    expect(stageOf({ ...seen, used: true, since: 5000, health: "Unavailable" })).toBe("registered");
    expect(stageOf({ ...seen, used: true, since: 50_000, health: "Unavailable" })).toBe("unreached");
    expect(stageOf({ ...seen, used: true, health: "HasWarnings" })).toBe("connected");
  });

  it("makes a command a shell reads as it was meant", () => {
    const given = {
      server: "https://gurita.example/deploy",
      token: "REGISTER-1",
      space: "Spaces-1",
      pools: [],
    };
    expect(command({ ...given, way: "agent" })).toBe(
      "curl -fsS https://gurita.example/deploy/agent/install.sh | sh -s -- --server https://gurita.example/deploy " +
        "--token REGISTER-1 --space Spaces-1",
    );
    expect(command({ ...given, way: "websocket", pools: ["WorkerPools-2"] })).toMatch(
      /--pool WorkerPools-2 --websocket$/,
    );
    expect(command({ ...given, way: "listening", publicHost: "a b" })).toMatch(
      /--listen 0\.0\.0\.0:10933 --public-host 'a b'$/,
    );
    expect(inviteCommand("machines", "agent", ["On Prem"], ["web"])).toBe(
      "gurita machine invite --environment 'On Prem' --role web",
    );
  });

  it("compares fingerprints however they were copied, and nothing with nothing never", () => {
    const shown = "SHA256:abcDEF";
    expect(samePrint(shown, " 256 SHA256:abcDEF root@web (ED25519)")).toBe(true);
    expect(samePrint(shown, "abcDEF=")).toBe(true);
    expect(samePrint(shown, "SHA256:abcdef")).toBe(false);
    expect(samePrint(shown, "")).toBe(false);
    expect(samePrint("", "")).toBe(false);
  });

  it("sends nothing to an SSH host before its key was confirmed", () => {
    const known = {
      placed: true,
      host: "web",
      account: "Accounts-1",
      shown: "x",
      confirmed: false,
      made: false,
    };
    expect(sshStep({ ...known, placed: false })).toBe("place");
    expect(sshStep({ ...known, host: " " })).toBe("host");
    expect(sshStep({ ...known, account: "" })).toBe("account");
    expect(sshStep(known)).toBe("key");
    expect(sshStep({ ...known, shown: "", confirmed: true })).toBe("key");
    expect(sshStep({ ...known, confirmed: true })).toBe("check");
  });

  it.each(["localhost", "127.0.0.1", "[::1]"])("knows %s as an address of this machine only", (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(isLoopback("gurita.example")).toBe(false);
  });
});
