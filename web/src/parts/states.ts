import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconPlayerSkipForward,
  IconUserQuestion,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Message } from "../text";

/** The eight states everything in the portal is in; each has a word, an icon and a colour. */
export type State =
  | "queued"
  | "running"
  | "waiting"
  | "success"
  | "warning"
  | "failed"
  | "canceled"
  | "skipped";

interface Looks {
  word: Message;
  meaning: Message;
  tone: "success" | "warning" | "failed" | "running" | "waiting" | "quiet";
  icon: ComponentType<{ size?: number | string; "aria-hidden"?: boolean; className?: string }>;
}

/** Word, meaning, colour and icon of each state, in the order of the legend. */
export const STATES: Record<State, Looks> = {
  queued: { word: "Queued", meaning: "Has not begun yet", tone: "quiet", icon: IconClock },
  running: { word: "Running", meaning: "At work now", tone: "running", icon: IconLoader2 },
  waiting: {
    word: "Needs a person",
    meaning: "Stands still until somebody answers",
    tone: "waiting",
    icon: IconUserQuestion,
  },
  success: { word: "Success", meaning: "Everything went well", tone: "success", icon: IconCircleCheck },
  warning: {
    word: "Success with warnings",
    meaning: "Went well, and something wants a look",
    tone: "warning",
    icon: IconAlertTriangle,
  },
  failed: { word: "Failed", meaning: "Something went wrong", tone: "failed", icon: IconCircleX },
  canceled: { word: "Canceled", meaning: "Somebody stopped it", tone: "quiet", icon: IconBan },
  skipped: { word: "Skipped", meaning: "Was not due here", tone: "quiet", icon: IconPlayerSkipForward },
};

const OF_TASKS: Record<string, State> = {
  Queued: "queued",
  Pending: "queued",
  Executing: "running",
  Running: "running",
  Cancelling: "running",
  Success: "success",
  SuccessWithWarning: "warning",
  Failed: "failed",
  TimedOut: "failed",
  Canceled: "canceled",
  Cancelled: "canceled",
  Skipped: "skipped",
};

/** The state of a task or of an element of its log, as the API names it. */
export function stateOf(named: string, more: { waits?: boolean; warnings?: boolean } = {}): State {
  if (more.waits) return "waiting";
  const state = OF_TASKS[named] ?? "queued";
  return state === "success" && more.warnings ? "warning" : state;
}
