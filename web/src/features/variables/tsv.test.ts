import { describe, expect, test } from "vitest";
import { cellsOf, textOf } from "./tsv";

describe("the text of a spreadsheet", () => {
  test("tabs part cells, line ends rows, whatever the system", () => {
    expect(cellsOf("a\tb\r\nc\td\n")).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });

  test("a quoted cell holds tabs, line ends and quotes", () => {
    expect(cellsOf('Name\t"two\nlines\tand ""quotes"""\nB\tc')).toEqual([
      ["Name", 'two\nlines\tand "quotes"'],
      ["B", "c"],
    ]);
  });

  test("empty cells stay where they are", () => {
    expect(cellsOf("\tb\t\n\nc")).toEqual([["", "b", ""], [""], ["c"]]);
  });

  test("a quote that is not closed, or closes in the middle, is text", () => {
    expect(cellsOf('"a\tb')).toEqual([['"a', "b"]]);
    expect(cellsOf('"a" and b\tc')).toEqual([['"a" and b', "c"]]);
  });

  test("what is written is read back", () => {
    const cells = [
      ["a", 'say "x"', "tab\there"],
      ["", "two\nlines", "end"],
    ];
    expect(cellsOf(textOf(cells))).toEqual(cells);
  });

  test("nothing is no row", () => {
    expect(cellsOf("")).toEqual([]);
  });
});
