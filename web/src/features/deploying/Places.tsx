import { Checkbox, Text } from "@mantine/core";
import { Fragment } from "react";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { t } from "../../text";
import classes from "./Deploy.module.css";
import type { PhaseOfRelease, PlaceOfRelease } from "./progress";

interface Props {
  phases: readonly PhaseOfRelease[];
  names: ReadonlyMap<string, string>;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Where to: the environments by phase, what is there of this release, and why it may not go to the others. */
export function Places({ phases, names, chosen, onChange }: Props) {
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <fieldset className={classes.card}>
      <legend className={classes.legend}>{t("Where")}</legend>
      <div>
        {phases.map((phase) => (
          <Fragment key={phase.id}>
            {phases.length > 1 && (
              <div className={classes.phase}>
                {phase.optional ? t("{{phase}}, optional", { phase: phase.name }) : phase.name}
              </div>
            )}
            {phase.places.map((place) => (
              <PlaceRow
                key={place.environment}
                place={place}
                name={names.get(place.environment) ?? place.environment}
                checked={chosen.includes(place.environment)}
                onToggle={() => toggle(place.environment)}
              />
            ))}
          </Fragment>
        ))}
        {phases.every((phase) => phase.places.length === 0) && (
          <Text c="dimmed" size="sm">
            {t(
              "The lifecycle of this release has no environment. Add one to a phase, or create environments.",
            )}
          </Text>
        )}
      </div>
    </fieldset>
  );
}

interface RowProps {
  place: PlaceOfRelease;
  name: string;
  checked: boolean;
  onToggle: () => void;
}

function PlaceRow({ place, name, checked, onToggle }: RowProps) {
  const { task, why } = place;
  return (
    <div className={classes.place} data-place={place.environment}>
      <Checkbox
        label={name}
        description={why}
        checked={checked}
        disabled={Boolean(why)}
        onChange={onToggle}
        styles={{
          description: { color: "var(--quiet)" },
          label: { color: why ? "var(--quiet)" : undefined },
        }}
      />
      {task && (
        <div className={classes.aside}>
          <StateMark
            state={stateOf(task.State, {
              waits: task.HasPendingInterruptions,
              warnings: task.HasWarningsOrErrors,
            })}
          />
          <When at={task.CompletedTime ?? task.StartTime ?? task.QueueTime} />
        </div>
      )}
    </div>
  );
}
