import { describe, expect, it } from "vitest";
import { createCommand } from "./command";

describe("a new release as a command", () => {
  const channel = { Name: "Long term", IsDefault: false };

  it("names what differs from what the command does by itself", () => {
    expect(createCommand("web", channel, { Version: "1.0", ReleaseNotes: "two words" }, false)).toBe(
      "gurita release create web --version 1.0 --channel 'Long term' --notes 'two words'",
    );
    expect(createCommand("web", { ...channel, IsDefault: true }, { Version: "" }, false)).toBe(
      "gurita release create web",
    );
  });

  it("is not offered where a version of a package was chosen by hand", () => {
    expect(createCommand("web", channel, { Version: "1.0" }, true)).toBeUndefined();
    expect(createCommand("web", channel, { IgnoreChannelRules: true }, false)).toBeUndefined();
  });
});
