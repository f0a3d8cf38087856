import type { Message } from "../../text";

/** The place a preview is asked for, as it stands in the address. */
export interface Place {
  environment?: string;
  machine?: string;
  channel?: string;
  action?: string;
  role?: string;
}

export const PLACES = ["environment", "machine", "channel", "action", "role"] as const;

/** The place of an address. */
export function placeOf(raw: Record<string, unknown>): Place {
  const found: Place = {};
  for (const key of PLACES) {
    const value = raw[key];
    if (typeof value === "string" && value) found[key] = value;
  }
  return found;
}

const RANKS: Record<number, Message> = {
  1: "step",
  2: "machine",
  3: "target tag the step targets",
  4: "target tag",
  5: "tenant",
  6: "tenant tag",
  7: "environment",
  8: "channel",
  9: "process",
  10: "project",
  11: "no scope",
};

/** What a rank means, the strongest being 1. */
export const rankWord = (rank: number): Message => RANKS[rank] ?? String(rank);
