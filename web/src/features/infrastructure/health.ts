import type { Schema } from "../../api/types";
import type { State } from "../../parts/states";
import type { Message } from "../../text";

export type Health = Schema["Machine"]["HealthStatus"];

/** The healths a check may find, the best first. */
export const HEALTHS: readonly Health[] = ["Healthy", "HasWarnings", "Unhealthy", "Unavailable", "Unknown"];

interface Looks {
  state: State;
  word: Message;
  meaning: Message;
}

const LOOKS: Record<Health, Looks> = {
  Healthy: {
    state: "success",
    word: "Healthy",
    meaning: "The last check reached it and found nothing wrong.",
  },
  HasWarnings: {
    state: "warning",
    word: "Has warnings",
    meaning: "It works; the last check saw something to look at.",
  },
  Unhealthy: { state: "failed", word: "Unhealthy", meaning: "It was reached, but its health check failed." },
  Unavailable: { state: "failed", word: "Unavailable", meaning: "The last check could not reach it." },
  Unknown: {
    state: "queued",
    word: "Not checked yet",
    meaning: "No check has looked at it since it was added or changed.",
  },
};

/** How a machine's health is shown: a disabled one takes part in nothing, whatever its health. */
export function looksOf(machine: { HealthStatus: Health; IsDisabled: boolean }): Looks {
  if (machine.IsDisabled)
    return {
      state: "canceled",
      word: "Disabled",
      meaning: "Deployments and checks leave it out until it is enabled.",
    };
  return LOOKS[machine.HealthStatus];
}

/** How a health is shown. */
export const looksOfHealth = (health: Health): Looks => LOOKS[health];

export interface Counts {
  TotalMachines: number;
  TotalDisabledMachines: number;
  MachineHealthStatusSummaries: { [status: string]: number };
}

/** The healths there are any of, with their numbers, the best first. */
export function countsOf(summary: Counts): readonly (readonly [Health, number])[] {
  return HEALTHS.map((health) => [health, summary.MachineHealthStatusSummaries[health] ?? 0] as const).filter(
    ([, count]) => count > 0,
  );
}
