import { IconBolt, IconUser } from "@tabler/icons-react";
import { t } from "../../text";
import classes from "./Lifecycles.module.css";
import { type Phase, promotion } from "./model";

interface Props {
  phases: readonly Phase[];
  environments: readonly { Id: string; Name: string }[];
  label: string;
}

/** The phases of a lifecycle from left to right, with their environments and who deploys there. */
export function Strip({ phases, environments, label }: Props) {
  const nameOf = (id: string) => environments.find((each) => each.Id === id)?.Name ?? id;
  return (
    <ol className={classes.strip} aria-label={label}>
      {phases.map((phase, at) => (
        <li
          key={phase.Id || phase.Name}
          className={classes.phase}
          {...(phase.IsOptionalPhase ? { "data-optional": true } : {})}
        >
          <div className={classes.title}>
            {at + 1}. {phase.Name}
          </div>
          {phase.AutomaticDeploymentTargets.map((id) => (
            <div key={id} className={classes.environment}>
              <IconBolt size="0.9rem" aria-hidden />
              {nameOf(id)} <span className={classes.note}>{t("automatically")}</span>
            </div>
          ))}
          {phase.OptionalDeploymentTargets.map((id) => (
            <div key={id} className={classes.environment}>
              <IconUser size="0.9rem" aria-hidden />
              {nameOf(id)}
            </div>
          ))}
          {promotion(phase) && <div className={classes.note}>{promotion(phase)}</div>}
        </li>
      ))}
    </ol>
  );
}
