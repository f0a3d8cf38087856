/** `[first line, how many]`: a piece of a log, lines counted from 0. */
export type Run = readonly [number, number];

/** Which lines of a log are shown, as rows without holes. Rows and lines count from 0. */
export interface Rows {
  readonly count: number;
  /** The line in a row. */
  lineAt(row: number): number;
  /** The row of a line, or of the next one that is shown. */
  rowOf(line: number): number;
}

/** All lines. */
export function allLines(total: number): Rows {
  return {
    count: total,
    lineAt: (row) => row,
    rowOf: (line) => Math.max(0, Math.min(line, total)),
  };
}

/** The last index whose value is not above `wanted`; -1 for none. */
function lastUpTo(count: number, valueAt: (index: number) => number, wanted: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(middle) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Pieces of a log, in order, that grow at their end. */
export class Segments implements Rows {
  private readonly firsts: number[] = [];
  private readonly sizes: number[] = [];
  /** The row each piece begins with. */
  private readonly starts: number[] = [];
  count = 0;

  constructor(runs: readonly Run[] = []) {
    for (const [first, size] of runs) this.add(first, size);
  }

  /** The line after the last one that is shown. */
  get end(): number {
    const last = this.firsts.length - 1;
    return last < 0 ? 0 : (this.firsts[last] ?? 0) + (this.sizes[last] ?? 0);
  }

  /** Adds lines at the end; what is there already is left out. */
  add(first: number, size: number): void {
    const from = Math.max(first, this.end);
    const more = first + size - from;
    if (more <= 0) return;
    const last = this.firsts.length - 1;
    if (last >= 0 && from === this.end) this.sizes[last] = (this.sizes[last] ?? 0) + more;
    else {
      this.firsts.push(from);
      this.sizes.push(more);
      this.starts.push(this.count);
    }
    this.count += more;
  }

  lineAt(row: number): number {
    const at = lastUpTo(this.starts.length, (index) => this.starts[index] ?? 0, row);
    return at < 0 ? 0 : (this.firsts[at] ?? 0) + (row - (this.starts[at] ?? 0));
  }

  rowOf(line: number): number {
    const at = lastUpTo(this.firsts.length, (index) => this.firsts[index] ?? 0, line);
    if (at < 0) return 0;
    const into = Math.min(line - (this.firsts[at] ?? 0), this.sizes[at] ?? 0);
    return (this.starts[at] ?? 0) + into;
  }
}

/** Single lines, in order: what a search found. */
export class Found implements Rows {
  private readonly lines: number[] = [];

  get count(): number {
    return this.lines.length;
  }

  /** Adds lines at the end; what is there already is left out. */
  add(lines: Iterable<number>): void {
    for (const line of lines) if (line > (this.lines.at(-1) ?? -1)) this.lines.push(line);
  }

  lineAt(row: number): number {
    return this.lines[row] ?? 0;
  }

  rowOf(line: number): number {
    return lastUpTo(this.lines.length, (index) => this.lines[index] ?? 0, line - 1) + 1;
  }
}

/** The last pieces of an activity's log as ranges to read, newest lines kept: at most `most` lines. */
export function lastPieces(
  runs: readonly (readonly number[])[],
  most: number,
): { first: number; take: number }[] {
  const found: { first: number; take: number }[] = [];
  let left = most;
  for (const [first = 0, size = 0] of runs.toReversed()) {
    if (left <= 0) break;
    const take = Math.min(size, left);
    found.unshift({ first: first + size - take, take });
    left -= take;
  }
  return found;
}
