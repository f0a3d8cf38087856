import { Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import {
  IconAlertCircle,
  IconCircleOff,
  IconFilter,
  IconPuzzle,
  IconServer,
  IconStack2,
  IconTargetArrow,
  IconVariable,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type CSSProperties, type KeyboardEvent, type ReactNode, useMemo } from "react";
import { t } from "../../text";
import classes from "./Graph.module.css";
import { type Box, beside, drawn, type Graph, type GraphNode, groupsOf, pathOf, type Spot } from "./graph";
import { isDisabled, numberOf, type Step, type StepForm } from "./model";
import { type Fact, type FactKind, factsOfStep, sizeOf, wordsOfAction } from "./nodes";
import type { Problem } from "./problems";
import { useNames } from "./reads";

interface Props {
  steps: readonly Step[];
  types: readonly StepForm[];
  problems: readonly Problem[];
  /** What is chosen; it is in the address. */
  spot: Spot | undefined;
  onChoose: (spot: Spot) => void;
}

/**
 * The steps as a graph: from above in the order they run, side by side what starts together.
 *
 * It is an ordered list that is drawn: who hears the page hears the steps in their order. The arrow keys choose, Enter opens.
 */
export function GraphView({ steps, types, problems, spot, onChoose }: Props) {
  const names = useNames();
  const { ref, width } = useElementSize();
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const told = useMemo(
    () =>
      new Map(
        steps.map((step, at) => [
          step.Id,
          factsOfStep(step, types, names, problems.filter((each) => each.step === at).length),
        ]),
      ),
    [steps, types, names, problems],
  );
  const graph = useMemo(
    () =>
      drawn(
        groupsOf(steps.map((step) => ({ ...step, size: sizeOf(step, told.get(step.Id) ?? []) }))).map(
          (group) => group.map((step) => step.size),
        ),
        width / rem,
      ),
    [steps, told, width, rem],
  );
  const at = graph.nodes.some((node) => node.id === spot?.step) ? spot : undefined;
  const stop = at ?? (graph.nodes[0] && { step: graph.nodes[0].id });
  const keys = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = beside(graph, stop, sideOf(event));
    if (!next) return;
    event.preventDefault();
    focusSpot(next);
    onChoose(next);
  };
  return (
    <div ref={ref} className={classes.room}>
      <Text fz="sm" c="dimmed" mb="sm" id="graph-keys">
        {t("The arrow keys go from step to step, Enter opens one.")}
      </Text>
      {width > 0 && (
        <div className={classes.canvas} style={{ height: `${graph.height}rem` }}>
          <Ways graph={graph} />
          <ol className={classes.list} aria-label={t("Steps")} aria-describedby="graph-keys" onKeyDown={keys}>
            {graph.nodes.map((node) => {
              const place = steps.findIndex((step) => step.Id === node.id);
              const step = steps[place];
              return (
                step && (
                  <Node
                    key={node.id}
                    {...{ node, step, place, types, names, stop }}
                    chosen={at}
                    facts={told.get(step.Id) ?? []}
                  />
                )
              );
            })}
          </ol>
        </div>
      )}
    </div>
  );
}

const TURNED: Readonly<Record<string, string>> = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };

/** The key, as the layout knows sides: it is turned around with the page. */
const sideOf = ({ key, currentTarget }: KeyboardEvent): string =>
  getComputedStyle(currentTarget).direction === "rtl" ? (TURNED[key] ?? key) : key;

/** Moves the focus to a step of the graph, or to one of its actions. */
export function focusSpot(spot: Spot): void {
  document.querySelector<HTMLElement>(`[data-spot="${spotKey(spot)}"]`)?.focus();
}

const spotKey = ({ step, action }: Spot): string => (action ? `${step}/${action}` : step);

const placed = ({ x, y, width, height }: Box): CSSProperties => ({
  insetInlineStart: `${x}rem`,
  top: `${y}rem`,
  width: `${width}rem`,
  height: `${height}rem`,
});

/** What only eyes need: the ways between steps, and the frames around those that start together. */
function Ways({ graph }: { graph: Graph }) {
  return (
    <div aria-hidden>
      {graph.frames.map((frame) => (
        <div key={frame.key} className={classes.frame} style={placed(frame)}>
          {t("Start together")}
        </div>
      ))}
      <svg
        aria-hidden
        className={classes.ways}
        viewBox={`0 0 ${graph.width} ${graph.height}`}
        preserveAspectRatio="none"
      >
        {graph.ways.map((way) => {
          const [x, y] = way.to;
          return (
            <g key={way.key}>
              <path className={classes.way} data-condition={way.condition} d={pathOf(way)} />
              <path className={classes.point} d={`M${x} ${y}l-0.4 -0.6h0.8z`} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

const SIGNS: Record<FactKind, ReactNode> = {
  type: <IconPuzzle size="1rem" aria-hidden />,
  server: <IconServer size="1rem" aria-hidden />,
  targets: <IconTargetArrow size="1rem" aria-hidden />,
  window: <IconStack2 size="1rem" aria-hidden />,
  condition: <IconVariable size="1rem" aria-hidden />,
  limits: <IconFilter size="1rem" aria-hidden />,
  off: <IconCircleOff size="1rem" aria-hidden />,
  wrong: <IconAlertCircle size="1rem" aria-hidden />,
};

interface NodeProps extends Pick<Props, "types"> {
  node: GraphNode;
  step: Step;
  place: number;
  names: ReturnType<typeof useNames>;
  facts: readonly Fact[];
  /** The one the Tab key stops at. */
  stop: Spot | undefined;
  chosen: Spot | undefined;
}

function Node({ node, step, place, types, names, facts, stop, chosen }: NodeProps) {
  const spot = (action?: string): SpotProps => {
    const own = { step: step.Id, action };
    const here = (other: Spot | undefined) => other?.step === own.step && other.action === action;
    return { spot: own, stops: here(stop), chosen: here(chosen) };
  };
  const together = place > 0 && step.StartTrigger === "StartWithPrevious";
  return (
    <li
      className={`${classes.node} ${isDisabled(step) ? classes.off : ""}`}
      style={placed(node.box)}
      {...(chosen?.step === step.Id ? { "data-current": true } : {})}
      {...(facts.some((fact) => fact.kind === "window") ? { "data-window": true } : {})}
      {...(facts.some((fact) => fact.kind === "wrong") ? { "data-wrong": true } : {})}
    >
      <SpotLink {...spot()} className={classes.name}>
        {numberOf(place)}. {step.Name}
      </SpotLink>
      <ul className={classes.facts}>
        {facts.map((fact) => (
          <li key={fact.kind + fact.text} className={classes.fact} data-kind={fact.kind}>
            {SIGNS[fact.kind]}
            <span>{fact.text}</span>
          </li>
        ))}
      </ul>
      {together && <span className="visually-hidden">{t("together with the one before")}</span>}
      {node.children.length > 0 && (
        <ol className={classes.list} aria-label={t("Actions of {{name}}", { name: step.Name })}>
          {node.children.map((child, at) => {
            const action = step.Actions[at];
            const words = action ? wordsOfAction(action, types, names) : "";
            return (
              <li key={child.id} className={classes.child} style={placed(child.box)}>
                <SpotLink {...spot(child.id)}>
                  {numberOf(place, at)} {action?.Name}
                </SpotLink>
                <span title={words}>{words}</span>
              </li>
            );
          })}
        </ol>
      )}
    </li>
  );
}

interface SpotProps {
  spot: Spot;
  stops: boolean;
  chosen: boolean;
  className?: string | undefined;
  children?: ReactNode;
}

/** A step or an action that can be chosen: one of them at a time is reached by Tab. */
function SpotLink({ spot, stops, chosen, className, children }: SpotProps) {
  return (
    <Link
      to="."
      search={{ view: "graph", ...spot, edit: true }}
      data-spot={spotKey(spot)}
      className={className}
      tabIndex={stops ? 0 : -1}
      {...(chosen ? { "aria-current": "true" as const } : {})}
    >
      {children}
    </Link>
  );
}
