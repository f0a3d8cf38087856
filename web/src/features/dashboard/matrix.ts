import type { Schema } from "../../api/types";
import { type State, stateOf } from "../../parts/states";
import { type DashboardSearch, list } from "./search";

type Board = Schema["Board"];
export type Project = Schema["BoardProject"];
export type Environment = Board["Environments"][number];
export type Cell = Schema["Cell"];

/** A line of the matrix: the heading of a group, or a project. */
export type Line =
  | { kind: "group"; id: string; name: string; count: number }
  | { kind: "project"; id: string; project: Project; reach: ReadonlySet<string> };

/** What is shown of a board: lines in their order and columns in theirs. */
export interface Matrix {
  lines: readonly Line[];
  columns: readonly Environment[];
  /** How many projects there are in all, and how many are shown. */
  all: number;
  shown: number;
}

/** The lines and columns a search leaves of a board. A group without projects left has no heading. */
export function matrixOf(board: Board, search: DashboardSearch): Matrix {
  const columns = chosen(board.Environments, list(search.environments));
  const reaches = board.Reaches.map(
    (places) => new Set(places.map((place) => board.Environments[place]?.Id ?? "")),
  );
  const groups = new Set(list(search.groups));
  const wanted = (search.q ?? "").toLocaleLowerCase();
  const lines: Line[] = [];
  let shown = 0;
  const names = new Map(board.ProjectGroups.map((group) => [group.Id, group.Name]));
  const byGroup = new Map<string, Project[]>();
  for (const project of board.Projects) {
    if (!project.Name.toLocaleLowerCase().includes(wanted)) continue;
    const before = byGroup.get(project.ProjectGroupId);
    if (before) before.push(project);
    else byGroup.set(project.ProjectGroupId, [project]);
  }
  for (const [id, projects] of byGroup) {
    if (groups.size > 0 && !groups.has(id)) continue;
    shown += projects.length;
    lines.push({ kind: "group", id, name: names.get(id) ?? "", count: projects.length });
    for (const project of projects)
      lines.push({ kind: "project", id: project.Id, project, reach: reaches[project.Reach] ?? new Set() });
  }
  return { lines, columns, all: board.Projects.length, shown };
}

function chosen(environments: readonly Environment[], ids: readonly string[]): readonly Environment[] {
  const wanted = new Set(ids);
  const found = environments.filter((each) => wanted.has(each.Id));
  return found.length > 0 ? found : environments;
}

/** Rows and columns whose cells are asked for together. */
export interface Block {
  projects: readonly string[];
  environments: readonly string[];
}

/** A block in one text. */
export const nameOf = ({ projects, environments }: Block): string =>
  `${projects.join(" ")} ${environments.join(" ")}`;

const ROWS = 24;
const COLUMNS = 16;

/**
 * The blocks a visible part of the matrix lies in.
 *
 * Blocks lie at fixed places of the whole matrix, so that scrolling a little asks for nothing twice.
 */
export function blocksOf(
  { lines, columns }: Matrix,
  rows: readonly [number, number],
  across: readonly [number, number],
): Block[] {
  const found: Block[] = [];
  for (let row = rows[0] - (rows[0] % ROWS); row <= rows[1]; row += ROWS)
    for (let column = across[0] - (across[0] % COLUMNS); column <= across[1]; column += COLUMNS) {
      const projects = lines.slice(row, row + ROWS).filter((line) => line.kind === "project");
      const environments = columns.slice(column, column + COLUMNS);
      if (projects.length > 0 && environments.length > 0)
        found.push({
          projects: projects.map((line) => line.id),
          environments: environments.map((each) => each.Id),
        });
    }
  return found;
}

/** What a cell is found by. */
export const keyOf = (project: string, environment: string) => `${project} ${environment}`;

/** The state of a cell. */
export const stateOfCell = (cell: Cell): State =>
  stateOf(cell.State, { waits: cell.HasPendingInterruptions, warnings: cell.HasWarningsOrErrors });

/** Where a key goes from a place in the grid, or nothing if it does not move. Column 0 holds the projects' names. */
export function moved(
  key: string,
  ctrl: boolean,
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  page: number,
): [number, number] | undefined {
  const to = (r: number, c: number): [number, number] => [
    Math.max(0, Math.min(rows - 1, r)),
    Math.max(0, Math.min(columns - 1, c)),
  ];
  switch (key) {
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowRight":
      return to(row, column + 1);
    case "ArrowLeft":
      return to(row, column - 1);
    case "PageDown":
      return to(row + page, column);
    case "PageUp":
      return to(row - page, column);
    case "Home":
      return to(ctrl ? 0 : row, 0);
    case "End":
      return to(ctrl ? rows - 1 : row, columns - 1);
    default:
      return undefined;
  }
}

const STEPS: readonly (readonly [string, number])[] = [
  ["year", 31_536_000_000],
  ["month", 2_592_000_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const written = new Map<string, Intl.NumberFormat>();

/** How old something is in one short word: "5m", "3h", "12d"; "now" below a minute. */
export function shortAge(at: string, now: number, language: string, instant: string): string {
  const passed = now - new Date(at).getTime();
  const found = STEPS.find(([, size]) => passed >= size);
  if (!found) return instant;
  const [unit, size] = found;
  const key = `${language} ${unit}`;
  const format =
    written.get(key) ?? new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow" });
  written.set(key, format);
  return format.format(Math.floor(passed / size));
}
