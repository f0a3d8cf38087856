import { type Message, t } from "../text";
import classes from "./StateMark.module.css";
import { STATES, type State } from "./states";

/** A state as word, icon and colour. `compact` leaves the word to screen readers and the tooltip. */
export function StateMark({ state, word, compact }: { state: State; word?: Message; compact?: boolean }) {
  const { icon: Icon, tone, word: usual, meaning } = STATES[state];
  const text = t(word ?? usual);
  return (
    <span className={classes.mark} data-tone={tone} data-state={state} title={`${text}: ${t(meaning)}`}>
      <Icon size="1.05em" aria-hidden className={state === "running" ? classes.turning : ""} />
      <span className={compact ? "visually-hidden" : ""}>{text}</span>
    </span>
  );
}
