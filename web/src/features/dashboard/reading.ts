import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { reading } from "../../api/queries";
import { type Block, type Cell, keyOf, nameOf } from "./matrix";
import { type DashboardSearch, list } from "./search";

/** Rows and columns. Only a filter by state depends on what is deployed. */
export const boardReading = (spaceId: string, { states }: DashboardSearch) =>
  reading(
    states ? ["project", "environment", "task", "deployment"] : ["project", "environment"],
    "/api/{spaceId}/gurita/dashboard",
    { path: { spaceId }, query: { states: list(states) } },
  );

/** What is in the cells of a block. */
export const cellsReading = (spaceId: string, { projects, environments }: Block) =>
  reading(["deployment", "task", "interruption"], "/api/{spaceId}/gurita/dashboard/cells", {
    path: { spaceId },
    query: { projects, environments },
  });

/** The views the viewer gave names to. */
export const viewsReading = (spaceId: string) =>
  reading("other", "/api/{spaceId}/gurita/dashboard-views", { path: { spaceId } });

export interface Known {
  /** By `keyOf`: the cell, null where nothing was deployed, nothing while that is not known. */
  cells: ReadonlyMap<string, Cell | null>;
  /** Nothing is known yet of some cells that are seen. */
  pending: boolean;
  error: unknown;
}

/** What is known of the cells of some blocks, as it comes and changes. */
export function useCells(spaceId: string, blocks: readonly Block[]): Known {
  const found = useQueries({ queries: blocks.map((block) => cellsReading(spaceId, block)) });
  const parts = found.map((each) => each.data);
  const names = blocks.map(nameOf).join();
  const pending = found.some((each) => each.isPending);
  const error = found.find((each) => each.error)?.error;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parts are stable while unchanged, the blocks are not
  const cells = useMemo(() => {
    const all = new Map<string, Cell | null>();
    blocks.forEach((block, at) => {
      const part = parts[at];
      if (!part) return;
      for (const project of block.projects)
        for (const environment of block.environments) all.set(keyOf(project, environment), null);
      for (const cell of part.Cells ?? []) all.set(keyOf(cell.ProjectId, cell.EnvironmentId), cell);
    });
    return all;
  }, [names, parts.length, ...parts]);
  return { cells, pending, error };
}
