import { Anchor, Badge, Skeleton, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { useSpaceId } from "../../shell/space";
import { type Message, served, t } from "../../text";
import { taskAddress } from "./addresses";
import classes from "./Differences.module.css";
import {
  type Group,
  groupWords,
  opaqueSteps,
  placeWords,
  type StepDifference,
  targetWords,
} from "./differing";

interface Props {
  /** The environment's name. */
  place: string;
  /** The release that would be deployed. */
  version: string;
  /** Nothing while it is not known yet. */
  groups: readonly Group[] | undefined;
  error: unknown;
}

/** What a deployment changes on each target of an environment, against what ran there last. */
export function Differences({ place, version, groups, error }: Props) {
  if (error) return <Refused error={error} />;
  if (!groups) return <Skeleton h="3rem" />;
  if (groups.length === 0) return null;
  return (
    <section
      className={classes.card}
      aria-label={t("What changes in {{place}}", { place })}
      data-changes={place}
    >
      <div className={classes.head}>
        <Title order={3} size="h5">
          {t("What changes in {{place}}", { place })}
        </Title>
        <Text size="sm" c="dimmed">
          {placeWords(groups, version)}
        </Text>
      </div>
      {groups.map((group) => (
        <OneGroup key={group.Targets.map((each) => each.Id).join(" ")} group={group} version={version} />
      ))}
    </section>
  );
}

function OneGroup({ group, version }: { group: Group; version: string }) {
  const opaque = opaqueSteps(group);
  return (
    <details className={classes.group} data-group={group.Targets.map((each) => each.Name).join(" ")}>
      <summary className={classes.summary}>
        <span className={classes.targets}>{targetWords(group)}</span>
        <span className={classes.words}>{groupWords(group, version).join(" · ")}</span>
        {opaque > 0 && (
          <span className={classes.opaque}>
            {t("{{count}} steps cannot be foreseen", {
              count: opaque,
              one: "{{count}} step cannot be foreseen",
            })}
          </span>
        )}
      </summary>
      <div className={classes.body}>
        <Before group={group} />
        <ul className={classes.list} aria-label={t("Steps")}>
          {group.Steps.map((step) => (
            <OneStep key={step.ActionId} step={step} last={group.Last?.ReleaseVersion} />
          ))}
        </ul>
        <Variables group={group} />
      </div>
    </details>
  );
}

/** What ran last, and on which targets where the summary does not name all. */
function Before({ group }: { group: Group }) {
  const spaceId = useSpaceId();
  const { Last, Targets } = group;
  return (
    <>
      {Targets.length > 4 && (
        <Text size="sm" c="dimmed">
          {Targets.map((each) => each.Name).join(", ")}
        </Text>
      )}
      {Last && (
        <Text size="sm" component="div" className={classes.last}>
          <span>
            {t("Last here:")}{" "}
            <Anchor component={Link} to={taskAddress(spaceId, Last.TaskId)} inherit>
              {t("release {{version}}", { version: Last.ReleaseVersion })}
            </Anchor>
          </span>
          <StateMark state={stateOf(Last.State)} />
        </Text>
      )}
    </>
  );
}

const MARKS: Record<StepDifference["Change"], { word: Message; color: string }> = {
  New: { word: "New", color: "green" },
  Changed: { word: "Changed", color: "yellow" },
  Same: { word: "Same settings", color: "gray" },
  Removed: { word: "Removed", color: "red" },
  NotHere: { word: "Not here any more", color: "red" },
};

function OneStep({ step, last }: { step: StepDifference; last: string | undefined }) {
  const mark = MARKS[step.Change];
  return (
    <li className={classes.item} data-difference={step.ActionName} data-change={step.Change}>
      <div className={classes.head}>
        <span>
          {step.ActionNumber && <span className={classes.quiet}>{step.ActionNumber} </span>}
          <span className={classes.name}>{step.ActionName}</span>
        </span>
        <Badge variant="outline" color={mark.color} className={classes.mark}>
          {t(mark.word)}
        </Badge>
      </div>
      {step.Packages.map((each) => (
        <PackageLine key={`${each.PackageId} ${each.Name}`} of={each} />
      ))}
      {step.Settings.length > 0 && (
        <Quiet>
          {t("Differs:")} <code>{step.Settings.join(", ")}</code>
        </Quiet>
      )}
      {step.FailedSince && (
        <Quiet>{t("It failed when it was tried last: nobody can tell what is there.")}</Quiet>
      )}
      {step.LastVersion && step.LastVersion !== last && (
        <Quiet>{t("Ran last with release {{version}}.", { version: step.LastVersion })}</Quiet>
      )}
      {step.Opaque && <Quiet>{served(step.Opaque)}</Quiet>}
    </li>
  );
}

function PackageLine({ of }: { of: Schema["PackageDifference"] }) {
  const name = of.Name ? `${of.PackageId} (${of.Name})` : of.PackageId;
  const said =
    of.After === null
      ? t("{{before}} stays as it is", { before: of.Before ?? "" })
      : of.Before === null
        ? t("{{after}}, new here", { after: of.After })
        : of.Before === of.After
          ? t("{{after}}, the same", { after: of.After })
          : t("{{before}} → {{after}}", { before: of.Before, after: of.After });
  return (
    <Text size="sm">
      {name}: {said}
    </Text>
  );
}

function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" className={classes.quiet}>
      {children}
    </Text>
  );
}

function Variables({ group }: { group: Group }) {
  const { Variables: found, HiddenVariables: hidden } = group;
  if (found.length === 0 && hidden === 0) return null;
  return (
    <>
      <Text size="sm" fw={600}>
        {t("Variables")}
      </Text>
      <ul className={classes.list} aria-label={t("Variables")}>
        {found.map((each) => (
          <li className={classes.item} key={`${each.Name} ${each.Steps.join(" ")}`} data-variable={each.Name}>
            <span className={classes.name}>{each.Name}</span>
            {each.Steps.length > 0 && (
              <span className={classes.quiet}> {t("in {{steps}}", { steps: each.Steps.join(", ") })}</span>
            )}
            <VariableLine of={each} />
          </li>
        ))}
        {hidden > 0 && (
          <li className={classes.item}>
            <Quiet>
              {t("{{count}} variables that you may not see", {
                count: hidden,
                one: "{{count}} variable that you may not see",
              })}
            </Quiet>
          </li>
        )}
      </ul>
    </>
  );
}

function VariableLine({ of }: { of: Schema["VariableDifference"] }) {
  if (of.Change === "Through")
    return (
      <Quiet>
        {of.Through
          ? t("Its text is the same, but it mentions {{name}}, which changes.", { name: of.Through })
          : t("Its text is the same, but it mentions one that you may not see, which changes.")}
      </Quiet>
    );
  if (of.IsSensitive) return <Quiet>{t("A secret: changed")}</Quiet>;
  return (
    <div className={classes.values}>
      <Value text={of.Before} none={t("not there")} />
      <span aria-hidden>→</span>
      <span className="visually-hidden">{t("becomes")}</span>
      <Value text={of.After} none={t("falls away")} />
    </div>
  );
}

function Value({ text, none }: { text: string | null; none: string }) {
  if (text === null) return <span className={classes.quiet}>{none}</span>;
  return text === "" ? <span className={classes.quiet}>{t("empty")}</span> : <code>{text}</code>;
}
