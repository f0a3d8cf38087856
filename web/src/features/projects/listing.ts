import type { Schema } from "../../api/types";
import { texts } from "../../shell/address";

type Summary = Schema["ProjectSummary"];
type Group = Pick<Schema["ProjectGroup"], "Id" | "Name"> & { Description?: string | null };

/** What of the list of projects is shown, and which dialog is open. */
export interface ListSearch {
  q?: string;
  dialog?: "create" | "groups";
  /** The project to make another one like. */
  clone?: string;
}

/** Reads the search of an address; what is not understood is left out. */
export function listSearch(given: Record<string, unknown>): ListSearch {
  const dialog = given.dialog === "create" || given.dialog === "groups" ? given.dialog : undefined;
  return {
    ...texts(given, ["q", "clone"]),
    ...(dialog ? { dialog } : {}),
  };
}

export interface Section {
  group: Group;
  projects: readonly Summary[];
}

/**
 * Projects below their groups, both by name; what a text finds in the name, the description or the group.
 *
 * Without a text empty groups are there too: they are where a project may go.
 */
export function sectionsOf(
  projects: readonly Summary[],
  groups: readonly Group[],
  wanted: string,
): readonly Section[] {
  const text = wanted.trim().toLocaleLowerCase();
  const has = (value: string | null | undefined) => (value ?? "").toLocaleLowerCase().includes(text);
  return groups
    .map((group) => ({
      group,
      projects: projects.filter(
        (each) =>
          each.ProjectGroupId === group.Id && (has(each.Name) || has(each.Description) || has(group.Name)),
      ),
    }))
    .filter((section) => section.projects.length > 0 || !text);
}

/** At most so many projects, in whole and partial sections; and how many are left out. */
export function firstOf(
  sections: readonly Section[],
  most: number,
): { shown: readonly Section[]; more: number } {
  let room = most;
  const shown: Section[] = [];
  let more = 0;
  for (const section of sections) {
    const projects = section.projects.slice(0, room);
    more += section.projects.length - projects.length;
    room -= projects.length;
    if (projects.length > 0 || section.projects.length === 0) shown.push({ ...section, projects });
  }
  return { shown, more };
}
