import { describe, expect, it } from "vitest";
import { fits, grouped, permissionsOf, subjectOf } from "./permissions";

const one = (Description: string, space = true) => ({
  Description,
  SupportedRestrictions: [],
  CanApplyAtSpaceLevel: space,
  CanApplyAtSystemLevel: !space,
});

describe("permissions", () => {
  it("are about what stands before their verb", () => {
    expect(
      ["MachinePolicyEdit", "VariableViewUnscoped", "InterruptionViewSubmitResponsible"].map(subjectOf),
    ).toEqual(["MachinePolicy", "Variable", "Interruption"]);
    expect(["AdministerSystem", "ConfigureServer", "CertificateExportPrivateKey"].map(subjectOf)).toEqual([
      "AdministerSystem",
      "ConfigureServer",
      "Certificate",
    ]);
  });

  it("stand in groups, and a new one of a kind nobody knows is not lost", () => {
    const all = permissionsOf({
      MachineView: one("See deployment targets"),
      WorkerEdit: one("Change workers"),
      UserView: one("See users", false),
      BananaPeel: one("Peel bananas"),
    });
    expect(grouped(all).map((group) => [group.title, group.permissions.map((each) => each.name)])).toEqual([
      ["Machines and workers", ["MachineView", "WorkerEdit"]],
      ["Users and teams", ["UserView"]],
      ["Other", ["BananaPeel"]],
    ]);
  });

  it("are found by words of their name and description in any order", () => {
    const [machine] = permissionsOf({ MachineView: one("See deployment targets") });
    expect(
      machine && ["", "machine", "targets SEE", "view deploy"].map((text) => fits(machine, text)),
    ).toEqual([true, true, true, true]);
    expect(machine && fits(machine, "worker")).toBe(false);
  });
});
