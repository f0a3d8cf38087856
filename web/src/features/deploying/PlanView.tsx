import { Alert, Anchor, Checkbox, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconServer2 } from "@tabler/icons-react";
import { useState } from "react";
import { type Message, t } from "../../text";
import classes from "./Deploy.module.css";
import { type Plan, type PlannedStep, runs, sumOf, type Target } from "./plan";
import { summary } from "./wording";

interface Props {
  /** The environment's name. */
  place: string;
  plan: Plan;
  /** The version of the package of each action, by the action's name. */
  versions: ReadonlyMap<string, string>;
  /** Leaves a step out or takes it in again, by the id of its action. */
  onSkip: (id: string) => void;
}

/** What a deployment to one environment would do: steps, their targets, what is skipped and why. */
export function PlanView({ place, plan, versions, onSkip }: Props) {
  const sum = sumOf([plan]);
  return (
    <section className={classes.card} aria-label={t("Plan for {{place}}", { place })} data-plan={place}>
      <div className={classes.line}>
        <Title order={3} size="h5">
          {place}
        </Title>
        <Text size="sm" c="dimmed" data-summary>
          {summary(sum)}
        </Text>
      </div>
      <Told sentences={plan.problems} title={t("This keeps it from going well")} color="red" />
      <Told sentences={plan.warnings} title={t("Worth a look")} color="yellow" />
      {plan.steps.length === 0 && <Text c="dimmed">{t("The process of this release has no step.")}</Text>}
      {plan.steps.length > 0 && sum.steps === 0 && (
        <Told sentences={[t("No step would do anything.")]} title={t("Nothing would run")} color="yellow" />
      )}
      <ol className={classes.steps}>
        {plan.steps.map((step) => (
          <StepRow key={step.id} step={step} version={versions.get(step.name)} onSkip={onSkip} />
        ))}
      </ol>
    </section>
  );
}

function Told({ sentences, title, color }: { sentences: readonly string[]; title: string; color: string }) {
  if (sentences.length === 0) return null;
  return (
    <Alert
      color={color}
      variant="light"
      my="xs"
      className={color === "yellow" ? classes.notice : ""}
      title={title}
      icon={<IconAlertTriangle aria-hidden />}
      styles={{
        title: { color: "var(--mantine-color-text)" },
        message: { color: "var(--mantine-color-text)" },
      }}
    >
      {sentences.map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
    </Alert>
  );
}

interface RowProps {
  step: PlannedStep;
  version: string | undefined;
  onSkip: (id: string) => void;
}

function StepRow({ step, version, onSkip }: RowProps) {
  const takesPart = runs(step);
  return (
    <li className={classes.step} data-step={step.name} data-runs={takesPart}>
      <span className={classes.number}>{step.number}</span>
      <div>
        <div className={classes.line}>
          <span>
            <span className={classes.name}>{step.name}</span>
            {version && (
              <Text span size="sm" c="dimmed">
                {" "}
                {t("package {{version}}", { version })}
              </Text>
            )}
          </span>
          {!step.skipped && step.skippable && (
            <Checkbox
              size="xs"
              label={t("Run")}
              aria-label={t("Run {{step}}", { step: step.name })}
              checked={!step.left}
              onChange={() => onSkip(step.id)}
            />
          )}
        </div>
        <Why step={step} />
        {!step.left && !step.skipped && <Targets step={step} />}
      </div>
    </li>
  );
}

function Why({ step }: { step: PlannedStep }) {
  const why = step.skipped
    ? step.skipped
    : step.left
      ? t("Left out by you.")
      : !step.elsewhere && step.targets.length === 0
        ? t("No target is left for it.")
        : "";
  if (!why) return null;
  return (
    <Text size="sm" c="dimmed">
      {why}
    </Text>
  );
}

const SHOWN = 12;

function Targets({ step }: { step: PlannedStep }) {
  const [all, setAll] = useState(false);
  if (step.elsewhere)
    return (
      <Text size="sm" c="dimmed">
        {t("On the server or a worker")}
      </Text>
    );
  const shown = all ? step.targets : step.targets.slice(0, SHOWN);
  return (
    <ul className={classes.targets} aria-label={t("Targets of {{step}}", { step: step.name })}>
      {shown.map((target) => (
        <TargetMark key={target.id} target={target} />
      ))}
      {step.targets.length > shown.length && (
        <li>
          <Anchor component="button" type="button" size="xs" onClick={() => setAll(true)}>
            {t("and {{n}} more", { n: step.targets.length - shown.length })}
          </Anchor>
        </li>
      )}
      {step.away.map((target) => (
        <TargetMark key={target.id} target={target} />
      ))}
    </ul>
  );
}

const WHY: Record<NonNullable<Target["why"]>, Message> = {
  unavailable: "unavailable",
  excluded: "not due here",
  "left out": "left out",
};

function TargetMark({ target }: { target: Target }) {
  return (
    <li className={classes.target} data-away={Boolean(target.why)}>
      <IconServer2 size="0.85rem" aria-hidden />
      {target.name}
      {target.why && <span>· {t(WHY[target.why])}</span>}
    </li>
  );
}
