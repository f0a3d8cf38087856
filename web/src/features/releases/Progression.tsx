import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { DeployButton, type PhaseOfRelease, type PlaceOfRelease, taskAddress } from "../deploying/shared";
import classes from "./Releases.module.css";

interface Props {
  releaseId: string;
  version: string;
  phases: readonly PhaseOfRelease[];
  names: ReadonlyMap<string, string>;
}

/** The way of a release: phase by phase, where it is, where it may go next, and what keeps it. */
export function Progression({ releaseId, version, phases, names }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long way scrolls, and must do so by keyboard too
    <ol className={classes.strip} aria-label={t("The way of {{version}}", { version })} tabIndex={0}>
      {phases.map((phase) => (
        <li key={phase.id} className={classes.phase} data-progress={phase.progress} data-phase={phase.name}>
          <div className={classes.phaseHead}>
            <span className={classes.phaseName}>{phase.name}</span>
            <span className={classes.quiet}>
              {phase.optional
                ? t("optional")
                : t("{{done}} of {{needed}}", {
                    done: Math.min(phase.done, phase.needed),
                    needed: phase.needed,
                  })}
            </span>
          </div>
          {phase.places.map((place) => (
            <Place
              key={place.environment}
              place={place}
              name={names.get(place.environment) ?? place.environment}
              releaseId={releaseId}
              version={version}
            />
          ))}
        </li>
      ))}
    </ol>
  );
}

interface PlaceProps {
  place: PlaceOfRelease;
  name: string;
  releaseId: string;
  version: string;
}

function Place({ place, name, releaseId, version }: PlaceProps) {
  const spaceId = useSpaceId();
  const { task } = place;
  return (
    <div className={classes.place} data-environment={name}>
      <div className={classes.placeHead}>
        <span>{name}</span>
        <DeployButton
          releaseId={releaseId}
          environmentId={place.environment}
          why={place.why}
          variant="default"
          size="compact-xs"
          label={
            place.deployed
              ? t("Deploy {{version}} to {{name}} again", { version, name })
              : t("Deploy {{version}} to {{name}}", { version, name })
          }
        >
          {place.deployed ? t("Again") : t("Deploy")}
        </DeployButton>
      </div>
      {task && (
        <Text size="sm" component="div">
          <Anchor component={Link} to={taskAddress(spaceId, task.Id)} c="inherit">
            <StateMark
              state={stateOf(task.State, {
                waits: task.HasPendingInterruptions,
                warnings: task.HasWarningsOrErrors,
              })}
            />
          </Anchor>{" "}
          <When at={task.CompletedTime ?? task.StartTime ?? task.QueueTime} />
        </Text>
      )}
      {place.why && <span className={classes.quiet}>{place.why}</span>}
    </div>
  );
}
