import { useParams } from "@tanstack/react-router";
import { useSuspenseQuery } from "../api/queries";
import type { Schema } from "../api/types";
import { spaces } from "./session";

const LAST = "gurita-space";

/** Keeps the space for the next visit. */
export function remember(spaceId: string): void {
  try {
    localStorage.setItem(LAST, spaceId);
  } catch {
    // A browser that keeps nothing starts in the default space.
  }
}

/** The space to begin with: the last one, the default one, or the first of those one may enter. */
export function firstSpace(all: readonly Schema["Space"][]): string | undefined {
  let last: string | null = null;
  try {
    last = localStorage.getItem(LAST);
  } catch {
    // As above.
  }
  return (all.find((each) => each.Id === last) ?? all.find((each) => each.IsDefault) ?? all[0])?.Id;
}

/** The space the address names, or else the remembered one; undefined for who may enter none. */
export function useSpace(): Schema["Space"] | undefined {
  const all = useSuspenseQuery(spaces()).data;
  const { space } = useParams({ strict: false });
  const wanted = (space ?? firstSpace(all) ?? "").toLowerCase();
  return all.find((each) => each.Id.toLowerCase() === wanted || each.Slug?.toLowerCase() === wanted);
}

/** The id of the space of a page below a space. */
export function useSpaceId(): string {
  const { space } = useParams({ strict: false });
  const found = useSpace();
  return found?.Id ?? space ?? "";
}
