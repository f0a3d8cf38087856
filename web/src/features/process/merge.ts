import { type Step, same } from "./model";

/** Who wins where two people changed a step. */
export type Choice = "mine" | "theirs";

/**
 * A step in the three versions: as both began, as I have it, as the other person saved it.
 *
 * `mine` and `theirs` mean that only one side changed it and nothing is to be decided; `conflict` that both did, differently.
 */
export interface Merged {
  id: string;
  name: string;
  kind: "same" | "mine" | "theirs" | "conflict";
  base?: Step | undefined;
  mine?: Step | undefined;
  theirs?: Step | undefined;
}

export interface Merge {
  steps: readonly Merged[];
  conflicts: readonly Merged[];
  /** Both moved steps, in different ways: my order is kept. */
  orderConflict: boolean;
}

const byId = (steps: readonly Step[]) => new Map(steps.map((step) => [step.Id, step]));

function kindOf(base: Step | undefined, mine: Step | undefined, theirs: Step | undefined): Merged["kind"] {
  if (same(mine, theirs)) return "same";
  if (same(base, mine)) return "theirs";
  if (same(base, theirs)) return "mine";
  return "conflict";
}

const orderOf = (steps: readonly Step[], within: ReadonlySet<string>) =>
  steps.map((step) => step.Id).filter((id) => within.has(id));

/** Compares three versions of a process step by step; steps are known by their ids. */
export function merge(base: readonly Step[], mine: readonly Step[], theirs: readonly Step[]): Merge {
  const [old, own, other] = [byId(base), byId(mine), byId(theirs)];
  const common = new Set([...old.keys()].filter((id) => own.has(id) && other.has(id)));
  const [was, is, became] = [base, mine, theirs].map((each) => orderOf(each, common).join());
  const iMoved = was !== is;
  const order = iMoved ? woven(mine, theirs) : woven(theirs, mine);
  const gone = base.map((step) => step.Id).filter((id) => !order.includes(id));
  const steps = [...order, ...gone].map((id): Merged => {
    const found = { base: old.get(id), mine: own.get(id), theirs: other.get(id) };
    const name = (found.mine ?? found.theirs ?? found.base)?.Name ?? id;
    return { id, name, kind: kindOf(found.base, found.mine, found.theirs), ...found };
  });
  return {
    steps,
    conflicts: steps.filter((step) => step.kind === "conflict"),
    orderConflict: iMoved && was !== became && is !== became,
  };
}

/** The ids in the order of `first`, with those only `second` has behind the neighbour they follow there. */
function woven(first: readonly Step[], second: readonly Step[]): string[] {
  const order = first.map((step) => step.Id);
  second.forEach((step, at) => {
    if (order.includes(step.Id)) return;
    const before = second
      .slice(0, at)
      .map((each) => each.Id)
      .reverse()
      .find((id) => order.includes(id));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, step.Id);
  });
  return order;
}

/** The steps after every conflict is decided. What only one side changed is taken; a deleted step stays deleted. */
export function resolved({ steps }: Merge, choices: Readonly<Record<string, Choice>>): Step[] {
  return steps.flatMap((step) => {
    const side = step.kind === "conflict" ? (choices[step.id] ?? "mine") : step.kind;
    const taken = side === "theirs" ? step.theirs : step.mine;
    return taken ? [taken] : [];
  });
}
