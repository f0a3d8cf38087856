import type { Schema } from "../../../api/types";

/** A line as ranges and the stream give it, with the activity it belongs to. */
export type Line = Schema["LogLines"]["Lines"][number];

/** Lines a request fetches, and a page of memory holds. */
export const PAGE = 200;

const MOST_PAGES = 150;

/** What is to be fetched: `take` lines from number `first` on. */
export interface Wanted {
  first: number;
  take: number;
}

/**
 * The part of a log that is held: pages of lines by their numbers, the least used of which are forgotten.
 *
 * A line has its place by its number alone, whether it came by range, by search or by the stream, and however often: so
 * none is shown twice, and one that did not come is missing and asked for.
 */
export class LineStore {
  private readonly pages = new Map<number, (Line | undefined)[]>();
  private readonly asked = new Set<number>();
  /** How many lines the log has, as far as that is known. */
  total = 0;

  constructor(private readonly mostPages = MOST_PAGES) {}

  /** How many lines are held. */
  get held(): number {
    let count = 0;
    for (const page of this.pages.values()) for (const line of page) if (line) count += 1;
    return count;
  }

  get(number: number): Line | undefined {
    return this.pages.get(Math.floor(number / PAGE))?.[number % PAGE];
  }

  /** Takes lines in, from wherever they came. `total` is what the server said the log has. */
  add(lines: Iterable<Line>, total = 0): void {
    this.total = Math.max(this.total, total);
    for (const line of lines) {
      const at = Math.floor(line.Number / PAGE);
      let page = this.pages.get(at);
      if (!page) {
        page = new Array<Line | undefined>(PAGE);
        this.pages.set(at, page);
      }
      page[line.Number % PAGE] = line;
      if (line.Number >= this.total) this.total = line.Number + 1;
    }
    this.forget();
  }

  /** What must be fetched so that these lines are there; what is on its way is left out. Marks it as asked for. */
  want(numbers: Iterable<number>): Wanted[] {
    const wanted: Wanted[] = [];
    for (const number of numbers) {
      if (number < 0 || number >= this.total) continue;
      const at = Math.floor(number / PAGE);
      const page = this.pages.get(at);
      if (page) this.touch(at, page);
      if (page?.[number % PAGE] || this.asked.has(at)) continue;
      this.asked.add(at);
      const hole = page ? page.findIndex((line) => !line) : 0;
      wanted.push({ first: at * PAGE + hole, take: PAGE - hole });
    }
    return wanted;
  }

  /** Says that a fetch came to an end, well or not: what is still missing may be asked for again. */
  answered({ first, take }: Wanted): void {
    for (let at = Math.floor(first / PAGE); at * PAGE < first + take; at += 1) this.asked.delete(at);
  }

  private touch(at: number, page: (Line | undefined)[]): void {
    this.pages.delete(at);
    this.pages.set(at, page);
  }

  private forget(): void {
    for (const at of this.pages.keys()) {
      if (this.pages.size <= this.mostPages) return;
      this.pages.delete(at);
    }
  }
}
