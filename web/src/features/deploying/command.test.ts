import { describe, expect, it } from "vitest";
import { word } from "../../text/shell";
import { deployCommand, withoutSecrets } from "./command";

const BODY = {
  ProjectName: "web shop",
  ReleaseVersion: "1.0",
  EnvironmentNames: ["Dev", "Test A"],
  SkipStepNames: ["Smoke"],
  Variables: { Token: "geheim", Why: "it's so" },
  UseGuidedFailure: false,
};

describe("a deployment as a command", () => {
  it("quotes what a shell would split, and holds no secret", () => {
    const text = deployCommand("web shop", "1.0", BODY, ["Token"]);
    expect(text).toBe(
      `gurita release deploy 'web shop' 1.0 Dev 'Test A' --skip Smoke --guided off --variable Token="$SECRET" --variable 'Why=it'\\''s so'`,
    );
    expect(JSON.stringify(withoutSecrets(BODY, ["Token"]))).not.toContain("geheim");
  });

  it("is not offered where it could not say the same", () => {
    expect(deployCommand("a", "1", { ...BODY, ForcePackageDownload: true }, [])).toBeUndefined();
  });

  it("leaves plain words as they are", () => {
    expect([word("a-b_1.2"), word(""), word("$x")]).toEqual(["a-b_1.2", "''", "'$x'"]);
  });
});
