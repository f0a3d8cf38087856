import { Group } from "@mantine/core";
import { StateMark } from "../../parts/StateMark";
import { t } from "../../text";
import { type Counts, countsOf, type Health, looksOf, looksOfHealth } from "./health";

/** The health of one machine as a state. */
export function HealthMark({ machine }: { machine: { HealthStatus: Health; IsDisabled: boolean } }) {
  const { state, word } = looksOf(machine);
  return <StateMark state={state} word={word} />;
}

/** How many machines there are of each health. */
export function HealthCounts({ summary, none }: { summary: Counts; none: string }) {
  if (summary.TotalMachines === 0) return <>{none}</>;
  return (
    <Group gap={6}>
      {countsOf(summary).map(([health, count]) => {
        const { state, word } = looksOfHealth(health);
        return <StateMark key={health} state={state} word={`${count} ${t(word).toLowerCase()}`} />;
      })}
      {summary.TotalDisabledMachines > 0 && (
        <StateMark state="canceled" word={t("{{n}} disabled", { n: summary.TotalDisabledMachines })} />
      )}
    </Group>
  );
}
