import { describe, expect, it } from "vitest";
import { nearest, plain, spansOf } from "./ansi";

const E = "\u001b";
const brief = (text: string, find = "") =>
  spansOf(text, find).map(({ text: part, looks, kind, hit }) =>
    [part, looks.join(" "), kind === "plain" ? "" : kind, hit ? "hit" : ""].join("|").replace(/\|+$/, ""),
  );

describe("a line of a log as pieces", () => {
  it("has names for colours and weights, never colours of its own", () => {
    expect(brief(`a${E}[31mred${E}[0m ${E}[1;92mbold green${E}[0m ${E}[44mon blue`)).toEqual([
      "a",
      "red|red",
      " ",
      "bold green|bright-green bold",
      " ",
      "on blue|on-blue",
    ]);
  });

  it("takes the nearest of the sixteen colours for all others", () => {
    expect(brief(`${E}[38;5;9mx${E}[0m${E}[38;2;250;10;10my${E}[0m${E}[38;5;244mz`)).toEqual([
      "x|bright-red",
      "y|red",
      "z|bright-black",
    ]);
    expect(nearest(0, 0, 0)).toBe("black");
  });

  it("reads colours that are written with colons", () => {
    expect(
      brief(`${E}[38:2::250:10:10mx${E}[0m${E}[1;48:5:12my${E}[0m${E}[4:3;58:2::1:2:3mz${E}[4:0m.`),
    ).toEqual(["x|red", "y|on-bright-blue bold", "z|underline", "."]);
    expect(plain(`${E}[38:5:9mre${E}[4:3md at 12:30`)).toBe("red at 12:30");
  });

  it("shows masked places, and characters one would not see", () => {
    expect(brief("token ******** end")).toEqual(["token ", "********||masked", " end"]);
    expect(brief("a\u0007b\u202ec")).toEqual(["a", "␇||control", "b", "‹U+202E›||control", "c"]);
    expect(brief("50%\r100%")).toEqual(["50%", "␍||control", "100%"]);
  });

  it("holds markup as text, and drops titles and links of terminals", () => {
    expect(brief("<img src=x onerror=alert(1)>")).toEqual(["<img src=x onerror=alert(1)>"]);
    expect(brief(`${E}]0;title\u0007text`)).toEqual(["text"]);
    expect(brief(`${E}]8;;https://evil.example${E}\\link${E}]8;;${E}\\`)).toEqual(["link"]);
    expect(brief("")).toEqual([]);
  });

  it("marks what is looked for, in any case and across colours", () => {
    expect(brief("An ERROR and an error", "error")).toEqual([
      "An ",
      "ERROR|||hit",
      " and an ",
      "error|||hit",
    ]);
    expect(brief(`er${E}[31mror${E}[0m here`, "Error")).toEqual(["er|||hit", "ror|red||hit", " here"]);
  });

  it("marks hits that touch each other as one, and of a long line no more than can be drawn", () => {
    expect(brief("aab", "a")).toEqual(["aa|||hit", "b"]);
    const found = spansOf("ab".repeat(32_768), "a");
    expect(found.filter((span) => span.hit)).toHaveLength(1000);
    expect(found.map((span) => span.text).join("")).toBe("ab".repeat(32_768));
  });

  it("marks what is there where making letters small makes more of them", () => {
    expect(brief("İstanbul fails", "fails")).toEqual(["İstanbul ", "fails|||hit"]);
  });

  it("is plain when it is copied", () => {
    expect(plain(`a${E}[31mred${E}[0m`)).toBe("ared");
    expect(plain("just text")).toBe("just text");
  });
});
