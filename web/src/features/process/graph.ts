import type { Step } from "./model";

/** What of a step decides how much room it takes in the graph. */
export interface Sized {
  id: string;
  name: string;
  condition: Step["Condition"];
  /** How many facts stand below its name. */
  facts: number;
  /** The ids of its actions, where it has several. */
  children: readonly string[];
}

/** A place in the graph, in rem. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface GraphNode {
  id: string;
  /** Nodes of one row stand side by side. */
  row: number;
  box: Box;
  children: readonly { id: string; box: Box }[];
}

/** A way from one step to the next: from the middle of what is above to the middle of what is below. */
export interface Way {
  key: string;
  from: readonly [number, number];
  to: readonly [number, number];
  condition: Step["Condition"];
}

export interface Graph {
  width: number;
  height: number;
  nodes: readonly GraphNode[];
  /** What stands around steps that start together. */
  frames: readonly (Box & { key: string })[];
  ways: readonly Way[];
}

/** A step in the graph, or one of its actions. */
export interface Spot {
  step: string;
  action?: string | undefined;
}

const WIDEST = 22;
const NODE = 17;
const GAP = 1.25;
const BETWEEN = 2.25;
const PAD = 0.9;
const LABEL = 1.5;
const LINE = 1.35;
const NAME = 1.5;
const EDGE = 0.65;
const CHILD = 2.8;
/** About the width of a letter of a name; a longer name takes two lines and is cut after them. */
const LETTER = 0.53;

/** The steps in the order of their starts: those of one group start together, when all of the group before have ended. */
export function groupsOf<S extends Pick<Step, "StartTrigger">>(steps: readonly S[]): S[][] {
  const groups: S[][] = [];
  for (const step of steps) {
    const before = groups.at(-1);
    if (before && step.StartTrigger === "StartWithPrevious") before.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** Where every step stands in a room of this width, in rem. What starts together stands side by side, as far as there is room. */
export function drawn(groups: readonly (readonly Sized[])[], width: number): Graph {
  const columns = Math.max(1, Math.floor((width - 2 * PAD + GAP) / (NODE + GAP)));
  const one = columns === 1 ? Math.min(WIDEST, width - 2 * PAD) : NODE;
  const nodes: GraphNode[] = [];
  const frames: (Box & { key: string })[] = [];
  const ways: Way[] = [];
  const middle = width / 2;
  let y = 0;
  let above: number | undefined;
  let row = 0;
  for (const group of groups) {
    const [first] = group;
    if (!first) continue;
    const together = group.length > 1;
    const top = y;
    const made = rowsOf(group, columns, one, middle, together ? top + LABEL + PAD : top, row);
    nodes.push(...made.nodes);
    row = made.next;
    y = together ? made.bottom + PAD : made.bottom;
    const condition = together ? "Success" : first.condition;
    if (above !== undefined)
      ways.push({ key: `to ${first.id}`, from: [middle, above], to: [middle, top], condition });
    if (together) frames.push({ key: first.id, ...around(made.nodes, top, y, width) });
    above = y;
    y += BETWEEN;
  }
  return { width, height: above ?? 0, nodes, frames, ways };
}

function rowsOf(
  group: readonly Sized[],
  columns: number,
  width: number,
  middle: number,
  top: number,
  row: number,
) {
  const nodes: GraphNode[] = [];
  let y = top;
  let next = row;
  for (let at = 0; at < group.length; at += columns) {
    const lanes = group.slice(at, at + columns);
    const height = Math.max(...lanes.map((each) => heightOf(each, width)));
    const start = middle - (lanes.length * width + (lanes.length - 1) * GAP) / 2;
    lanes.forEach((each, lane) => {
      nodes.push(nodeOf(each, { x: start + lane * (width + GAP), y, width, height }, next));
    });
    y += height + GAP;
    next += 1;
  }
  return { nodes, bottom: y - GAP, next };
}

function around(nodes: readonly GraphNode[], y: number, bottom: number, most: number): Box {
  const left = Math.max(0, Math.min(...nodes.map(({ box }) => box.x)) - PAD);
  const right = Math.min(most, Math.max(...nodes.map(({ box }) => box.x + box.width)) + PAD);
  return { x: left, y, width: right - left, height: bottom - y };
}

const headOf = ({ name, facts }: Sized, width: number): number =>
  EDGE + NAME * (name.length * LETTER > width - 3 ? 2 : 1) + LINE * facts;

const heightOf = (step: Sized, width: number): number =>
  headOf(step, width) + CHILD * step.children.length + EDGE;

function nodeOf(step: Sized, box: Box, row: number): GraphNode {
  const head = headOf(step, box.width);
  return {
    id: step.id,
    row,
    box,
    children: step.children.map((id, at) => ({
      id,
      box: { x: EDGE, y: head + at * CHILD, width: box.width - 2 * EDGE, height: CHILD },
    })),
  };
}

/** The path of a way with its arrow's point at the end, for `d`. */
export const pathOf = ({ from, to }: Way): string => `M${from[0]} ${from[1]}L${to[0]} ${to[1]}`;

const centre = ({ box }: GraphNode): number => box.x + box.width / 2;

/** Where an arrow key leads from a step or one of its actions; undefined where it leads nowhere. */
export function beside(graph: Graph, from: Spot | undefined, key: string): Spot | undefined {
  const { nodes } = graph;
  const first = nodes[0];
  const last = nodes.at(-1);
  const here = nodes.find(({ id }) => id === from?.step);
  if (!here || key === "Home") return first && { step: first.id };
  if (key === "End") return last && { step: last.id };
  const child = here.children.findIndex(({ id }) => id === from?.action);
  const inside = (at: number): Spot | undefined => {
    const found = here.children[at];
    return found && { step: here.id, action: found.id };
  };
  if (key === "ArrowDown") return inside(child + 1) ?? spotOf(nearest(graph, here, here.row + 1));
  if (key === "ArrowUp") {
    if (child === 0) return { step: here.id };
    return inside(child - 1) ?? bottomOf(nearest(graph, here, here.row - 1));
  }
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  const at = nodes.indexOf(here) + (key === "ArrowRight" ? 1 : -1);
  const next = nodes[at];
  return next?.row === here.row ? { step: next.id } : undefined;
}

const spotOf = (node: GraphNode | undefined): Spot | undefined => node && { step: node.id };

const bottomOf = (node: GraphNode | undefined): Spot | undefined =>
  node && { step: node.id, action: node.children.at(-1)?.id };

function nearest({ nodes }: Graph, from: GraphNode, row: number): GraphNode | undefined {
  const far = (node: GraphNode) => Math.abs(centre(node) - centre(from));
  return nodes
    .filter((each) => each.row === row)
    .reduce<GraphNode | undefined>((best, each) => (best && far(best) <= far(each) ? best : each), undefined);
}
