import { Anchor, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, type KeyboardEvent, useRef } from "react";
import { CopyAs } from "../../parts/CopyAs";
import { Page } from "../../parts/Page";
import { Refused } from "../../parts/Refused";
import { WhyButton } from "../../parts/WhyButton";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { PickFilter } from "../infrastructure/shared";
import { projectAddress, projectCrumbs } from "../projects/shared";
import { releaseAddress } from "./addresses";
import { Brings } from "./Brings";
import { ChangedValues } from "./ChangedValues";
import { deployCommand, withoutSecrets } from "./command";
import classes from "./Deploy.module.css";
import { Differences } from "./Differences";
import { ChooseTargets, Options } from "./Options";
import { Places } from "./Places";
import { PlanView } from "./PlanView";
import { Questions } from "./Questions";
import { SnapshotNotice } from "./SnapshotNotice";
import { Timing } from "./Timing";
import { type Deploying, useDeploying } from "./useDeploying";

/** The page on which a release is deployed: what is chosen, the plan, and then the button. */
export function DeployPage() {
  const spaceId = useSpaceId();
  const form = useRef<HTMLFormElement>(null);
  const deploying = useDeploying();
  const { release, project } = deploying;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void deploying.deploy();
  };
  const shortcut = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
  };
  return (
    <Page
      title={t("Deploy {{version}}", { version: release.Version })}
      crumbs={projectCrumbs(
        spaceId,
        project,
        { text: t("Releases"), to: projectAddress(spaceId, project, "releases") },
        { text: release.Version, to: releaseAddress(spaceId, release.Id) },
      )}
      about={
        <>
          {t("Of")}{" "}
          <Anchor component={Link} to={projectAddress(spaceId, project)}>
            {project.Name}
          </Anchor>
        </>
      }
      wide
    >
      <form ref={form} onSubmit={submit} onKeyDown={shortcut} noValidate>
        <Stack gap="md">
          <SnapshotNotice
            releaseId={release.Id}
            version={release.Version}
            choosing={{
              open: deploying.choosesValues,
              onToggle: () => deploying.search({ values: deploying.choosesValues ? [] : ["choose"] }),
            }}
          />
          {deploying.choosesValues && <ChangedValues releaseId={release.Id} version={release.Version} />}
          <div className={classes.room}>
            <Choices deploying={deploying} />
            <ThePlan deploying={deploying} />
          </div>
        </Stack>
      </form>
    </Page>
  );
}

function Choices({ deploying }: { deploying: Deploying }) {
  const { draft, change, search } = deploying;
  return (
    <Stack gap="md">
      <Places
        phases={deploying.phases}
        names={deploying.names}
        chosen={deploying.chosen}
        onChange={deploying.choosePlaces}
      />
      <Questions
        questions={deploying.questions}
        given={draft.given}
        steps={[...new Set(deploying.plans.flatMap(({ plan }) => plan.steps.map((each) => each.name)))]}
        errorOf={(key) => deploying.saving.errorOf(`FormValues[${key}`)}
        onChange={(key, answer) => change({ given: { ...draft.given, [key]: answer } })}
      />
      <Timing
        later={draft.later}
        times={draft.times}
        problems={deploying.timeProblems}
        onChange={(times, later) => change({ times, later })}
      />
      <ChooseTargets
        known={deploying.plans.length === 1 ? (deploying.plans[0]?.plan.known ?? []) : []}
        only={deploying.filter ? [] : deploying.choice.only}
        without={deploying.choice.without}
        why={
          deploying.chosen.length > 1
            ? t("All that the plan names. Choose a single environment to choose among its targets.")
            : undefined
        }
        onChange={(chosen) => search({ only: chosen.only, without: chosen.without })}
        filter={deploying.filter}
        byFilter={
          <PickFilter
            spaceId={deploying.release.SpaceId}
            value={deploying.filter}
            fitting={deploying.fitting}
            onChange={(name) => search({ filter: name ? [name] : [], only: [], without: [] })}
          />
        }
      />
      <Options
        settings={draft.settings}
        usually={deploying.usually}
        onChange={(settings) => change({ settings })}
      />
    </Stack>
  );
}

function ThePlan({ deploying }: { deploying: Deploying }) {
  const { saving, chosen, plans } = deploying;
  const versions = new Map(deploying.release.SelectedPackages.map((each) => [each.ActionName, each.Version]));
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        {t("What will happen")}
      </Title>
      {chosen.length === 0 && (
        <Text c="dimmed">{t("Choose where to deploy: the plan stands here before anything runs.")}</Text>
      )}
      <Refused error={deploying.planError} />
      {chosen.length > 0 && plans.length === 0 && !deploying.planError && <Skeleton h="8rem" />}
      {plans.map(({ place, plan, changes, groups }) => (
        <Stack gap="xs" key={place}>
          <PlanView place={place} plan={plan} versions={versions} onSkip={deploying.skip} />
          <Differences
            place={place}
            version={deploying.release.Version}
            groups={groups}
            error={deploying.differencesError}
          />
          <Brings changes={changes} version={deploying.release.Version} />
        </Stack>
      ))}
      <Refused sentences={saving.others} />
      <div className={classes.bar}>
        <WhyButton type="submit" size="md" className={classes.go} loading={saving.busy} why={deploying.why}>
          {deploying.words}
        </WhyButton>
        <CopyAs
          request={() => ({
            method: "POST",
            template: "/api/{spaceId}/deployments/create/untenanted/v1",
            path: { spaceId: deploying.release.SpaceId },
            body: withoutSecrets(deploying.body, deploying.secrets),
            command: deployCommand(
              deploying.project.Slug,
              deploying.release.Version,
              deploying.namedBody,
              deploying.secrets,
            ),
          })}
        />
        <Text size="sm" c="dimmed" className={classes.hint}>
          {deploying.why ?? t("Ctrl or Cmd and Enter does it too.")}
        </Text>
      </div>
    </Stack>
  );
}
