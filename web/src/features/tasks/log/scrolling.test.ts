import { describe, expect, it } from "vitest";
import {
  atEnd,
  type Bar,
  barAt,
  bounded,
  isAstray,
  isAtEnd,
  isExact,
  meantBy,
  moved,
  scrolled,
  TALLEST,
  tallness,
} from "./scrolling";

const even = () => 20;
const uneven = (row: number) => 20 + (row % 3) * 20;
const bar = (count: number): Bar => ({ count, usual: 20, view: 600 });

describe("moving through a log", () => {
  it("goes by pixels over rows of any height, and back to where one was", () => {
    let at = { row: 5, into: 3 };
    for (const by of [7, 100, 333, 1, 59]) at = moved(at, by, 1000, uneven);
    for (const by of [59, 1, 333, 100, 7]) at = moved(at, -by, 1000, uneven);
    expect(at).toEqual({ row: 5, into: 3 });
  });

  it("stops at both ends, with the last row at the lower edge", () => {
    expect(moved({ row: 1, into: 0 }, -500, 1000, even)).toEqual({ row: 0, into: 0 });
    expect(atEnd(1000, 600, even)).toEqual({ row: 970, into: 0 });
    expect(bounded({ row: 990, into: 0 }, 1000, 600, even)).toEqual({ row: 970, into: 0 });
    expect(atEnd(3, 600, even)).toEqual({ row: 0, into: 0 });
    expect(isAtEnd({ row: 970, into: 0 }, 1000, 600, even)).toBe(true);
    expect(isAtEnd({ row: 969, into: 0 }, 1000, 600, even)).toBe(false);
  });
});

describe("the scroll bar", () => {
  it("is pixel for pixel where a log is short, and never taller than browsers can", () => {
    expect(isExact(bar(1000), true)).toBe(true);
    expect(tallness(1000, 20)).toBe(20_000);
    expect(tallness(1_000_000, 20)).toBe(TALLEST);
    expect(isExact(bar(1_000_000), true)).toBe(false);
    expect(scrolled({ row: 0, into: 0 }, 0, 47, bar(1000), true, even)).toEqual({ row: 2, into: 7 });
  });

  it.each([1000, 1_000_000, 50_000_000])("means the ends of %i lines at its ends", (count) => {
    const whole = tallness(count, 20) - 600;
    expect(meantBy(0, bar(count))).toEqual({ row: 0, into: 0 });
    expect(scrolled({ row: 0, into: 0 }, 0, whole, bar(count), true, even)).toEqual(atEnd(count, 600, even));
    expect(barAt(atEnd(count, 600, even), bar(count))).toBeCloseTo(whole, 3);
    expect(barAt({ row: 0, into: 0 }, bar(count))).toBe(0);
  });

  it("moves a long log by pixels for a wheel and by shares for a long way", () => {
    const long = bar(1_000_000);
    expect(scrolled({ row: 500_000, into: 0 }, 4_000_000, 4_000_100, long, true, even)).toEqual({
      row: 500_005,
      into: 0,
    });
    const far = scrolled({ row: 500_000, into: 0 }, 4_000_000, 2_000_000, long, true, even);
    expect(far.row).toBeGreaterThan(249_000);
    expect(far.row).toBeLessThan(251_000);
  });

  it("comes to the first line by wheel alone, however far it went astray", () => {
    const long = bar(1_000_000);
    let at = { row: 300, into: 0 };
    let top = barAt(at, long);
    for (let turn = 0; turn < 200 && (at.row > 0 || at.into > 0); turn += 1) {
      const next = Math.max(0, top - 100);
      at = scrolled(at, top, next, long, true, even);
      top = isAstray(next, at, long) ? barAt(at, long) : next;
      if (next === top && top === 0 && at.row > 0) at = moved(at, -100, long.count, even);
    }
    expect(at.row).toBe(0);
    expect(at.into).toBeLessThan(1);
  });

  it("is where it belongs for every anchor it stands for", () => {
    for (const count of [40, 1000, 1_000_000])
      for (const share of [0, 0.1, 0.5, 0.9])
        expect(
          isAstray(
            barAt({ row: Math.floor(count * share), into: 0 }, bar(count)),
            { row: Math.floor(count * share), into: 0 },
            bar(count),
          ),
        ).toBe(false);
  });
});
