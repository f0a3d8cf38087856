import { address } from "../../../api/client";
import { SILENCE } from "../../../api/live";
import type { Schema } from "../../../api/types";
import type { FlatNode } from "../tree";
import type { Line } from "./lines";

/** What a task's stream tells. */
export interface Heard {
  task: (task: Schema["Task"]) => void;
  nodes: (nodes: readonly FlatNode[]) => void;
  log: (node: string, lines: readonly Omit<Line, "Node">[]) => void;
  /** The line stands, or has broken and is tried again. */
  state: (open: boolean) => void;
  end: () => void;
}

const LONGEST_PAUSE = 5_000;

/** How many of the last lines a stream begins with; older ones come by ranges. */
const TAIL = 200;

/**
 * Follows a task until it has ended; returns how to stop.
 *
 * The browser comes back by itself with the last event's number. Where the server refused meanwhile (it is starting, or
 * a proxy answered in its place), or is silent for too long, the stream is opened anew from the same number.
 */
export function followTask(spaceId: string, taskId: string, heard: Heard): () => void {
  let last = "";
  let pause = 300;
  let ended = false;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let flows = false;
  const path = spaceId ? "/api/{spaceId}/tasks/{id}/log/events" : "/api/tasks/{id}/log/events";

  const open = () => {
    if (ended) return;
    const query = last ? { lastEventId: last } : { tail: TAIL };
    const mine = new EventSource(address(path, { spaceId, id: taskId }, query));
    source = mine;
    const lost = () => {
      if (ended) return;
      heard.state(false);
      if (mine.readyState !== EventSource.CLOSED) return;
      clearTimeout(silence);
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
    const wait = () => {
      clearTimeout(silence);
      if (!flows) return;
      silence = setTimeout(() => {
        mine.close();
        lost();
      }, SILENCE);
    };
    const on = <T>(kind: string, take: (data: T) => void) =>
      mine.addEventListener(kind, (event) => {
        flows = true;
        wait();
        last = event.lastEventId || last;
        take(JSON.parse(event.data) as T);
      });
    wait();
    mine.onopen = () => {
      pause = 300;
      heard.state(true);
    };
    on<Schema["Task"]>("task", heard.task);
    on<FlatNode[]>("nodes", heard.nodes);
    on<{ Node: string; Lines: Line[] }>("log", ({ Node, Lines }) => heard.log(Node, Lines));
    on("beat", () => undefined);
    on("end", () => {
      ended = true;
      clearTimeout(silence);
      mine.close();
      heard.end();
    });
    mine.onerror = lost;
  };
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
  };
}
