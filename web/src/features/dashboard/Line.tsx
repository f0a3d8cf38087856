// biome-ignore-all lint/a11y/useSemanticElements: rows and cells that are drawn only where they are seen cannot be a table
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell of the grid takes the focus, or the link in it
import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import { base } from "../../api/place";
import { StateMark } from "../../parts/StateMark";
import { languages, t } from "../../text";
import { releaseAddress } from "../deploying/shared";
import { projectAddress } from "../projects/shared";
import classes from "./Matrix.module.css";
import { type Cell, type Environment, keyOf, type Line, shortAge, stateOfCell } from "./matrix";
import type { CellState } from "./search";

interface Place {
  at: number;
  top: number;
  height: number;
  width: number;
}

const placed = ({ top, height, width }: Place) => ({ transform: `translateY(${top}px)`, height, width });

/** The heading of a project group. */
export const GroupRow = memo(function GroupRow({
  name,
  count,
  columns,
  active,
  ...place
}: Place & { name: string; count: number; columns: number; active: boolean }) {
  return (
    <div
      role="row"
      aria-rowindex={place.at + 2}
      className={classes.row}
      data-kind="group"
      style={placed(place)}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        aria-colspan={columns}
        className={classes.group}
        tabIndex={active ? 0 : -1}
        data-place={`${place.at} 0`}
      >
        {name}
        <span aria-hidden>·</span>
        <span>{t("{{count}} projects", { count, one: "{{count}} project" })}</span>
      </div>
    </div>
  );
});

interface Props extends Place {
  spaceId: string;
  line: Extract<Line, { kind: "project" }>;
  columns: readonly Environment[];
  seen: readonly VirtualItem[];
  first: number;
  cells: ReadonlyMap<string, Cell | null>;
  now: number;
  states: readonly CellState[];
  /** The column that takes the focus; -1 for none of this row. */
  active: number;
}

/** A project with its cells that are seen. */
export const ProjectRow = memo(function ProjectRow(props: Props) {
  const { spaceId, line, columns, seen, first, active, at } = props;
  const { project } = line;
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      className={classes.row}
      data-kind="project"
      {...(project.IsDisabled ? { "data-disabled": true } : {})}
      style={placed(props)}
    >
      <div role="rowheader" aria-colindex={1} className={classes.name} style={{ width: first }}>
        <a
          href={`${base}/app${projectAddress(spaceId, project)}`}
          title={project.Name}
          tabIndex={active === 0 ? 0 : -1}
          data-place={`${at} 0`}
        >
          {project.Name}
        </a>
        {project.IsDisabled && <span className={classes.disabled}>{t("Disabled")}</span>}
      </div>
      {seen.map((item) => {
        const environment = columns[item.index];
        if (!environment) return null;
        const place = { at, column: item.index + 1, left: first + item.start, width: item.size };
        const cell = props.cells.get(keyOf(project.Id, environment.Id));
        const current = active === item.index + 1;
        if (!cell)
          return (
            <None
              key={item.key}
              reached={line.reach.has(environment.Id)}
              pending={cell === undefined}
              active={current}
              {...place}
            />
          );
        return (
          <Filled
            key={item.key}
            spaceId={spaceId}
            cell={cell}
            now={props.now}
            states={props.states}
            active={current}
            {...place}
          />
        );
      })}
    </div>
  );
});

interface CellPlace {
  at: number;
  column: number;
  left: number;
  width: number;
  active: boolean;
}

/** A place nothing is in: not yet, or it is not where the project's releases go. */
const None = memo(function None({
  reached,
  pending,
  at,
  column,
  left,
  width,
  active,
}: CellPlace & { reached: boolean; pending: boolean }) {
  return (
    <div
      role="gridcell"
      aria-colindex={column + 1}
      className={classes.cell}
      style={{ insetInlineStart: left, width }}
      tabIndex={active ? 0 : -1}
      data-place={`${at} ${column}`}
      {...(reached ? {} : { "data-out": true })}
    >
      <span className={classes.none} aria-hidden>
        {reached ? (pending ? "…" : "–") : ""}
      </span>
      <span className="visually-hidden">
        {reached ? (pending ? t("Loading") : t("Nothing deployed")) : t("Not in the project's lifecycle")}
      </span>
    </div>
  );
});

/** The last deployment of a place: its release, its state and how old it is. */
const Filled = memo(function Filled({
  spaceId,
  cell,
  now,
  states,
  at,
  column,
  left,
  width,
  active,
}: CellPlace & { spaceId: string; cell: Cell; now: number; states: readonly CellState[] }) {
  const state = stateOfCell(cell);
  const faint = states.length > 0 && !(states as readonly string[]).includes(state);
  return (
    <div
      role="gridcell"
      aria-colindex={column + 1}
      className={classes.cell}
      style={{ insetInlineStart: left, width }}
      {...(states.length > 0 ? { [faint ? "data-faint" : "data-match"]: true } : {})}
    >
      <StateMark state={state} compact />
      <a
        href={`${base}/app${releaseAddress(spaceId, cell.ReleaseId)}`}
        title={cell.ReleaseVersion}
        tabIndex={active ? 0 : -1}
        data-place={`${at} ${column}`}
      >
        {cell.ReleaseVersion}
      </a>
      <time className={classes.age} dateTime={cell.At}>
        {shortAge(cell.At, now, languages.locale, t("now"))}
      </time>
    </div>
  );
});
