import type { Schema } from "../../api/types";
import { STATES, type State } from "../../parts/states";
import { type Message, number, t } from "../../text";
import type { TasksSearch } from "./filters";
import classes from "./tasks.module.css";

interface Props {
  data: Schema["Listing_Task_"] | undefined;
  search: TasksSearch;
  onChange: (changes: TasksSearch) => void;
}

const COUNTED: readonly (readonly [string, string, State, Message])[] = [
  ["Queued", "Queued", "queued", "Queued"],
  ["Executing", "Executing", "running", "Running"],
  ["Cancelling", "Cancelling", "running", "Being canceled"],
  ["Success", "Success", "success", "Success"],
  ["Failed", "Failed", "failed", "Failed"],
  ["Canceled", "Canceled", "canceled", "Canceled"],
  ["TimedOut", "TimedOut", "failed", "Timed out"],
];

/** How many tasks are in each state, whatever the filter of states says; a press filters by it. */
export function TaskCounts({ data, search, onChange }: Props) {
  const counts = (data as { TotalCounts?: Record<string, number> } | undefined)?.TotalCounts ?? {};
  const chosen = new Set((search.states ?? "").split(",").filter(Boolean));
  const toggle = (state: string) => {
    const next = new Set(chosen);
    if (!next.delete(state)) next.add(state);
    onChange({ states: [...next].join(",") });
  };
  return (
    <fieldset className={classes.counts} aria-label={t("Tasks by state")}>
      {COUNTED.map(([key, state, look, word]) => (
        <Count
          key={key}
          look={look}
          word={word}
          count={counts[key] ?? 0}
          on={chosen.has(state)}
          onPress={() => toggle(state)}
        />
      ))}
      <Count
        look="waiting"
        word={STATES.waiting.word}
        count={counts.Interrupted ?? 0}
        on={search.person === true}
        onPress={() => onChange({ person: search.person !== true })}
      />
    </fieldset>
  );
}

interface CountProps {
  look: State;
  word: Message;
  count: number;
  on: boolean;
  onPress: () => void;
}

function Count({ look, word, count, on, onPress }: CountProps) {
  const { icon: Icon, tone } = STATES[look];
  return (
    <button type="button" className={classes.count} data-tone={tone} aria-pressed={on} onClick={onPress}>
      <Icon size="1rem" aria-hidden />
      {t(word)} <strong>{number(count)}</strong>
    </button>
  );
}
