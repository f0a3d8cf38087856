import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Asked, TaskFeed } from "./feed";
import { type Line, LineStore, PAGE } from "./lines";
import { linesText, parseLines, stretched } from "./ranges";
import { allLines, Found, Segments } from "./segments";
import type { Heard } from "./stream";

vi.stubGlobal("document", { documentElement: { dataset: { base: "" } }, cookie: "" });

/** Numbers that look random and are the same each time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const line = (at: number): Line => ({ Number: at, Category: "Info", OccurredAt: "", Text: `line ${at}` });
const lines = (first: number, count: number) => Array.from({ length: count }, (_, at) => line(first + at));

describe("lines of a link", () => {
  it.each([
    ["120", { from: 120, to: 120 }],
    ["120-140", { from: 120, to: 140 }],
    ["#L120-L140", { from: 120, to: 140 }],
    ["L7", { from: 7, to: 7 }],
    ["140-120", { from: 120, to: 140 }],
  ])("%s", (text, range) => {
    expect(parseLines(text)).toEqual(range);
  });

  it.each(["", "0", "x", "1-", "-3", "1-2-3", "1e9", undefined])("are none in %j", (text) => {
    expect(parseLines(text)).toBeUndefined();
  });

  it("stretch from where one began, to both sides, and are told as briefly as can be", () => {
    expect(linesText(stretched(10, 12))).toBe("10-12");
    expect(linesText(stretched(10, 8))).toBe("8-10");
    expect(linesText(stretched(10, 10))).toBe("10");
    expect(stretched(1, 0).from).toBe(1);
  });
});

describe("rows of a part of a log", () => {
  it("are lines without holes, and each line finds its row again", () => {
    const some = new Segments([
      [2, 4],
      [10, 1],
      [20, 3],
    ]);
    const shown = Array.from({ length: some.count }, (_, row) => some.lineAt(row));
    expect(shown).toEqual([2, 3, 4, 5, 10, 20, 21, 22]);
    for (const [row, number] of shown.entries()) expect(some.rowOf(number)).toBe(row);
    expect(some.rowOf(0)).toBe(0);
    expect(some.rowOf(7)).toBe(4);
    expect(some.rowOf(99)).toBe(8);
  });

  it("grow at their end, and never by what is there already", () => {
    const some = new Segments([[0, 5]]);
    some.add(3, 4);
    some.add(7, 1);
    some.add(0, 8);
    some.add(20, 2);
    expect(Array.from({ length: some.count }, (_, row) => some.lineAt(row))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 20, 21,
    ]);
  });

  it("are single ones where lines were looked for", () => {
    const found = new Found();
    found.add([3, 9]);
    found.add([9, 12]);
    expect([found.count, found.lineAt(2), found.rowOf(4), found.rowOf(9), found.rowOf(99)]).toEqual([
      3, 12, 1, 1, 3,
    ]);
    expect(allLines(5).rowOf(9)).toBe(5);
  });
});

describe("what is held of a log", () => {
  it("is asked for once, page by page, and again only when it did not come", () => {
    const store = new LineStore();
    store.add([], 1000);
    const wanted = store.want([5, 6, 450]);
    expect(wanted).toEqual([
      { first: 0, take: PAGE },
      { first: 400, take: PAGE },
    ]);
    expect(store.want([7, 451])).toEqual([]);
    for (const each of wanted) store.answered(each);
    store.add(lines(0, 50));
    expect(store.want([60, 3])).toEqual([{ first: 50, take: PAGE - 50 }]);
  });

  it("stays small, and what is looked at stays", () => {
    const store = new LineStore(3);
    store.add(lines(0, 3 * PAGE));
    store.want([0]);
    store.add(lines(3 * PAGE, 1));
    expect([store.get(0)?.Number, store.get(PAGE)]).toEqual([0, undefined]);
    expect(store.held).toBe(2 * PAGE + 1);
  });
});

/** A server with a log of chunks that grows, whose stream breaks and resumes after the last chunk that arrived. */
class Server {
  readonly chunks: { node: string; first: number; count: number }[] = [];
  total = 0;
  ended = false;
  private heard: Heard | undefined;
  private told = 0;

  commit(node: string, count: number): void {
    this.chunks.push({ node, first: this.total, count });
    this.total += count;
  }

  /** Delivers some of what the client has not got; `twice` as after a break whose last event was not noted. */
  deliver(most: number, twice = false): void {
    if (twice && this.told > 0) this.told -= 1;
    for (let left = most; left > 0 && this.told < this.chunks.length; left -= 1) {
      const chunk = this.chunks[this.told++];
      if (chunk) this.heard?.log(chunk.node, lines(chunk.first, chunk.count));
    }
  }

  readonly asked: Asked = {
    begin: (at) => this.asked.range({ first: at, take: PAGE }),
    range: async ({ first, take }) => ({
      Lines: lines(first, Math.max(0, Math.min(take, this.total - first))),
      Total: this.total,
    }),
    map: async (node, first) => ({
      Runs: this.chunks
        .filter((chunk) => chunk.node === node && chunk.first + chunk.count > first)
        .map((chunk) => [chunk.first, chunk.count] as const),
      Next: -1,
      Total: this.total,
    }),
    search: async (first) => {
      const hits = Array.from({ length: this.total }, (_, at) => at).filter(
        (at) => at >= first && at % 3 === 0,
      );
      const found = hits.slice(0, 4);
      return {
        TaskId: "",
        Total: this.total,
        Next: hits.length > 4 ? (found.at(-1) ?? 0) + 1 : -1,
        IsCompleted: false,
        Lines: found.map((at) => ({ ...line(at), Before: [], After: [] })),
      };
    },
    follow: (heard) => {
      this.heard = heard;
      // A stream begins with the last chunk.
      this.told = Math.max(0, this.chunks.length - 1);
      heard.state(true);
      return () => undefined;
    },
  };
}

describe("a log that is followed", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "has no gap and no line twice, whatever comes when (%i)",
    async (seed) => {
      const roll = dice(seed + 1);
      const server = new Server();
      for (let n = roll(6); n > 0; n -= 1) server.commit("ab"[roll(2)] ?? "a", 1 + roll(150));
      const feed = new TaskFeed(server.asked, 2 + roll(6));
      feed.follow();
      const ofA = feed.ofNode("a", (node) => node === "a");
      const grave = feed.ofLevel("Error", "");
      ofA.open();
      grave.open();
      for (let turn = 0; turn < 30; turn += 1) {
        if (roll(3) > 0) server.commit("ab"[roll(2)] ?? "a", 1 + roll(90));
        if (roll(2) > 0) server.deliver(roll(4), roll(4) === 0);
        ofA.more();
        grave.more();
        if (roll(2) > 0) feed.want([roll(feed.store.total + 1)]);
        await vi.advanceTimersByTimeAsync(roll(400));
      }
      for (let turn = 0; turn < 400; turn += 1) {
        server.deliver(5);
        ofA.more();
        grave.more();
        await vi.advanceTimersByTimeAsync(400);
        if (ofA.whole && grave.whole && feed.store.total === server.total) break;
      }
      const mine = server.chunks
        .filter((chunk) => chunk.node === "a")
        .flatMap((chunk) => lines(chunk.first, chunk.count).map((each) => each.Number));
      const rowsOf = (rows: { count: number; lineAt: (row: number) => number }) =>
        Array.from({ length: rows.count }, (_, row) => rows.lineAt(row));
      expect(feed.store.total).toBe(server.total);
      expect(rowsOf(ofA.rows)).toEqual(mine);
      expect(rowsOf(grave.rows)).toEqual(
        Array.from({ length: server.total }, (_, at) => at).filter((at) => at % 3 === 0),
      );
      for (let number = 0; number < server.total; number += 1) {
        feed.want([number]);
        if (!feed.store.get(number)) await vi.advanceTimersByTimeAsync(1);
        expect(feed.store.get(number)?.Text).toBe(`line ${number}`);
      }
    },
  );

  it("asks again after a while when the server did not answer", async () => {
    const server = new Server();
    server.commit("a", 5);
    let fails = 2;
    const feed = new TaskFeed({
      ...server.asked,
      range: (wanted) => (fails-- > 0 ? Promise.reject(new Error("gone")) : server.asked.range(wanted)),
    });
    feed.store.add([], 5);
    for (let turn = 0; turn < 3; turn += 1) {
      feed.want([1]);
      await vi.advanceTimersByTimeAsync(2100);
    }
    expect(feed.store.get(1)?.Number).toBe(1);
  });
});
