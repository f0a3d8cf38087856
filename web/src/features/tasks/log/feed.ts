import type { Schema } from "../../../api/types";
import type { FlatNode } from "../tree";
import { type Line, LineStore, type Wanted } from "./lines";
import { Found, type Rows, type Run, Segments } from "./segments";
import type { Heard } from "./stream";

/** What a feed asks the server. */
export interface Asked {
  /** The page of a line, with which a viewer begins. */
  begin: (line: number) => Promise<{ Lines: readonly Line[]; Total: number }>;
  range: (wanted: Wanted) => Promise<{ Lines: readonly Line[]; Total: number }>;
  search: (first: number, level: string, node: string) => Promise<Schema["LogHits"]>;
  map: (node: string, first: number) => Promise<{ Runs: readonly Run[]; Next: number; Total: number }>;
  follow: (heard: Heard) => () => void;
}

const GATHERED = 60;
const AGAIN = 300;
const RETRY = 2000;

/** A task as it is followed: its log by ranges and by the stream, and its activities. */
export class TaskFeed {
  readonly store: LineStore;
  readonly nodes = new Map<string, FlatNode>();
  task: Schema["Task"] | undefined;
  /** Whether the stream stands; undefined where none is needed. */
  live: boolean | undefined;
  ended = false;
  /** When something was heard of the task last, in milliseconds; 0 for never. */
  heardAt = 0;
  version = 0;
  private readonly watchers = new Set<() => void>();
  private readonly lineWatchers = new Set<(node: string, lines: readonly Line[]) => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop: (() => void) | undefined;

  constructor(
    private readonly asked: Asked,
    mostPages?: number,
  ) {
    this.store = new LineStore(mostPages);
  }

  /** Tells of changes, at most some sixteen times a second. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Tells of each lot of lines the stream brings. */
  readonly onLines = (watcher: (node: string, lines: readonly Line[]) => void): (() => void) => {
    this.lineWatchers.add(watcher);
    return () => this.lineWatchers.delete(watcher);
  };

  changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tell();
    }, GATHERED);
  }

  /** Takes lines in that came by a range. The first ones are told of at once. */
  take(lines: Iterable<Line>, total: number): void {
    const first = this.store.total === 0;
    this.store.add(lines, total);
    if (first) this.tell();
    else this.changed();
  }

  private tell(): void {
    this.version += 1;
    for (const watcher of this.watchers) watcher();
  }

  /** Opens the stream, for a task that has not ended. */
  follow(): void {
    if (this.stop) return;
    this.live = false;
    this.stop = this.asked.follow({
      task: (task) => {
        this.task = task;
        this.changed();
      },
      nodes: (nodes) => {
        for (const node of nodes) this.nodes.set(node.Id, node);
        this.hear();
      },
      log: (node, lines) => {
        const own = lines.map((line) => ({ ...line, Node: node }));
        this.store.add(own);
        for (const watcher of this.lineWatchers) watcher(node, own);
        this.hear();
      },
      state: (open) => {
        this.live = open;
        this.changed();
      },
      end: () => {
        this.ended = true;
        this.live = undefined;
        this.changed();
      },
    });
  }

  private hear(): void {
    this.heardAt = Date.now();
    this.changed();
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stop?.();
    this.stop = undefined;
  }

  /** Fetches the page a line is on, and learns with it how long the log is. */
  begin(line: number): void {
    if (this.store.total === 0)
      void this.asked.begin(line).then(
        ({ Lines, Total }) => this.take(Lines, Total),
        () => setTimeout(() => this.begin(line), RETRY),
      );
  }

  /** Sees to it that these lines come. */
  want(numbers: Iterable<number>): void {
    for (const wanted of this.store.want(numbers)) void this.fetch(wanted);
  }

  private async fetch(wanted: Wanted): Promise<void> {
    try {
      const { Lines, Total } = await this.asked.range(wanted);
      this.store.answered(wanted);
      this.take(Lines, Total);
    } catch {
      setTimeout(() => {
        this.store.answered(wanted);
        this.changed();
      }, RETRY);
    }
  }

  /** The lines of an activity and all below it, which grow while it runs. */
  ofNode(node: string, holds: (node: string) => boolean): LiveRows {
    const rows = new Segments();
    let early: (readonly [number, number])[] = [];
    let done = false;
    let at = 0;
    const listen = () =>
      this.onLines((from, lines) => {
        const first = lines[0];
        if (!first || !holds(from)) return;
        if (done) rows.add(first.Number, lines.length);
        else early.push([first.Number, lines.length]);
      });
    const load = async (): Promise<void> => {
      const { Runs, Next, Total } = await this.asked.map(node, at);
      for (const [first, size] of Runs) rows.add(first, size);
      this.store.add([], Total);
      this.changed();
      at = Next;
      if (Next >= 0) return load();
      done = true;
      for (const [first, size] of early) rows.add(first, size);
      early = [];
    };
    return new LiveRows(rows, load, () => done, listen, this);
  }

  /** The lines that are at least so grave, of an activity or of all, found little by little. */
  ofLevel(level: string, node: string): LiveRows {
    const rows = new Found();
    let at = 0;
    let done = false;
    let lots = 0;
    const listen = () =>
      this.onLines(() => {
        lots += 1;
        done = false;
      });
    const load = async () => {
      const before = lots;
      const { Lines, Next, Total } = await this.asked.search(at, level, node);
      rows.add(Lines.map((line) => line.Number));
      this.store.add(Lines, Total);
      at = Next < 0 ? Math.max(at, Total) : Next;
      done = Next < 0 && before === lots;
      this.changed();
    };
    return new LiveRows(rows, load, () => done, listen, this);
  }
}

/** Rows that are still being found. `more` goes on finding; `whole` says whether all so far are. */
export class LiveRows {
  private busy = false;

  constructor(
    readonly rows: Rows,
    private readonly load: () => Promise<void>,
    private readonly done: () => boolean,
    /** Begins to hear of new lines, before anything is asked for; gives how to stop. */
    readonly open: () => () => void,
    private readonly feed: TaskFeed,
  ) {}

  get whole(): boolean {
    return this.done();
  }

  /** Finds more, unless all is found or that is under way; a broken line is tried again a little later. */
  more(): void {
    if (this.busy || this.done()) return;
    this.busy = true;
    const rest = (pause: number) =>
      setTimeout(() => {
        this.busy = false;
        this.feed.changed();
      }, pause);
    this.load().then(
      () => rest(AGAIN),
      () => rest(RETRY),
    );
  }
}
