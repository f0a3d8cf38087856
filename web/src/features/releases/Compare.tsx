import { Select, Stack, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Loading } from "../../parts/Loading";
import { Section } from "../../parts/Section";
import { useSpaceId } from "../../shell/space";
import { moment, t } from "../../text";
import { environmentsReading } from "../deploying/shared";
import { Commits } from "./Builds";
import { commitsBeyond, packagesOf, processText, variablesOf } from "./comparing";
import { Outcomes } from "./Outcomes";
import { outcomesOf } from "./outcomes";
import { Pairs } from "./Pairs";
import {
  deploymentReading,
  deploymentsReading,
  deploymentsThere,
  processReading,
  releasesReading,
  variablesReading,
} from "./reading";

const DiffView = lazy(() => import("../../parts/code/DiffView"));

interface Props {
  release: Schema["Release"];
  /** The other release's id or version, or "previous" for the one made before this. With a deployment, another one's id or
   * "previous". */
  other: string;
  /** The deployment of this release that is compared; nothing to compare releases. */
  deployment?: string | undefined;
}

/** A release beside another of its project, or a deployment beside another to its environment: all that may differ. */
export default function Compare({ release, other, deployment }: Props) {
  return deployment ? (
    <OfDeployments release={release} other={other} deployment={deployment} />
  ) : (
    <OfReleases release={release} other={other} />
  );
}

function OfDeployments({ release, other, deployment }: Props & { deployment: string }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate({ from: "/$space/releases/$release" });
  const mine = useSuspenseQuery(deploymentReading(spaceId, deployment)).data;
  const { EnvironmentId: environment } = mine;
  const there = useSuspenseQuery(deploymentsThere(spaceId, release.ProjectId, environment)).data.Items;
  const list = releasesReading(spaceId, release.ProjectId, undefined, { skip: 0, take: 200 });
  const releases = useSuspenseQuery(list).data.Items;
  const at = there.findIndex((each) => each.Id === mine.Id);
  const found = other === "previous" ? there[at + 1] : there.find((each) => each.Id === other);
  const before = releases.find((each) => each.Id === found?.ReleaseId);
  const nameOf = (one: Schema["Deployment"]) =>
    t("{{version}}, {{when}}", {
      version: releases.find((each) => each.Id === one.ReleaseId)?.Version ?? one.ReleaseId,
      when: one.Created ? moment(one.Created) : one.Id,
    });
  return (
    <Section
      title={t("Deployment compared")}
      about={nameOf(mine)}
      actions={
        <Select
          aria-label={t("Compare with")}
          placeholder={t("Choose a deployment")}
          data={there
            .filter((each) => each.Id !== mine.Id)
            .map((each) => ({ value: each.Id, label: nameOf(each) }))}
          value={found?.Id ?? null}
          searchable
          allowDeselect={false}
          w="18rem"
          maw="100%"
          onChange={(compare) =>
            compare && void navigate({ search: { compare, deployment }, replace: true, resetScroll: false })
          }
        />
      }
    >
      {!found && <Text c="dimmed">{t("Nothing was deployed there before.")}</Text>}
      {found && (
        <Stack gap="lg">
          <Part title={t("Result, targets and artifacts")}>
            <Outcomes
              outcomes={[{ environment, before: found, after: mine }]}
              names={[nameOf(found), nameOf(mine)]}
            />
          </Part>
          {before && before.Id !== release.Id && <Both before={before} after={release} />}
          {before?.Id === release.Id && (
            <Text c="dimmed">
              {mine.ManifestVariableSetId === found.ManifestVariableSetId
                ? t("Both deployed the same release with the same variables of the project.")
                : t("Both deployed the same release, but its variables were updated in between.")}
            </Text>
          )}
        </Stack>
      )}
    </Section>
  );
}

function OfReleases({ release, other }: Props) {
  const spaceId = useSpaceId();
  const navigate = useNavigate({ from: "/$space/releases/$release" });
  const list = releasesReading(spaceId, release.ProjectId, undefined, { skip: 0, take: 200 });
  const all = useSuspenseQuery(list).data.Items;
  const at = all.findIndex((each) => each.Id === release.Id);
  const found =
    other === "previous"
      ? all[at + 1]
      : all.find((each) => [each.Id, each.Version].includes(other) && each.Id !== release.Id);
  const others = all.filter((each) => each.Id !== release.Id);
  return (
    <Section
      title={t("Compared with {{version}}", { version: found?.Version ?? t("another release") })}
      actions={
        <Select
          aria-label={t("Compare with")}
          placeholder={t("Choose a release")}
          data={others.map((each) => ({ value: each.Id, label: each.Version }))}
          value={found?.Id ?? null}
          searchable
          allowDeselect={false}
          w="18rem"
          maw="100%"
          onChange={(compare) =>
            compare && void navigate({ search: { compare }, replace: true, resetScroll: false })
          }
        />
      }
    >
      {found ? (
        <Stack gap="lg">
          <HowTheyWent before={found} after={release} />
          <Both before={found} after={release} />
        </Stack>
      ) : (
        <Text c="dimmed">{t("There is no earlier release. Choose one to compare with.")}</Text>
      )}
    </Section>
  );
}

interface BothProps {
  before: Schema["Release"];
  after: Schema["Release"];
}

/** What became of two releases where they were deployed last. */
function HowTheyWent({ before, after }: BothProps) {
  const spaceId = useSpaceId();
  const environments = useQuery(environmentsReading(spaceId)).data;
  const old = useQuery(deploymentsReading(spaceId, before.Id)).data;
  const now = useQuery(deploymentsReading(spaceId, after.Id)).data;
  if (!environments || !old || !now) return null;
  const ids = environments.map((each) => each.Id);
  return (
    <Part title={t("Result, targets and artifacts")}>
      <Outcomes outcomes={outcomesOf(ids, old.Items, now.Items)} names={[before.Version, after.Version]} />
    </Part>
  );
}

const builds = (release: Schema["Release"]) =>
  release.BuildInformation as unknown as Schema["BuildInformation"][];

function Both({ before, after }: BothProps) {
  const spaceId = useSpaceId();
  const old = useQuery(variablesReading(spaceId, before.ProjectId, before.Id)).data;
  const now = useQuery(variablesReading(spaceId, after.ProjectId, after.Id)).data;
  const commits = commitsBeyond(builds(after), builds(before));
  return (
    <Stack gap="lg">
      <Part title={t("Packages")}>
        <Pairs
          pairs={packagesOf(before.SelectedPackages, after.SelectedPackages)}
          before={before.Version}
          after={after.Version}
          none={t("Neither has packages.")}
        />
      </Part>
      {commits.length > 0 && (
        <Part title={t("Commits {{before}} does not have", { before: before.Version })}>
          <Commits commits={commits} />
        </Part>
      )}
      {old && now && (
        <Part title={t("Variables")}>
          <Pairs
            pairs={variablesOf(old, now)}
            before={before.Version}
            after={after.Version}
            none={t("All values that may be shown are the same.")}
          />
        </Part>
      )}
      <Process before={before} after={after} />
      {(before.ReleaseNotes ?? "") !== (after.ReleaseNotes ?? "") && (
        <Part title={t("Release notes")}>
          <Texts
            before={before.ReleaseNotes ?? ""}
            after={after.ReleaseNotes ?? ""}
            of={[before.Version, after.Version]}
          />
        </Part>
      )}
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function Process({ before, after }: BothProps) {
  const spaceId = useSpaceId();
  const old = useQuery(processReading(spaceId, before.ProjectDeploymentProcessSnapshotId)).data;
  const now = useQuery(processReading(spaceId, after.ProjectDeploymentProcessSnapshotId)).data;
  if (!old || !now) return null;
  const texts = [processText(old), processText(now)] as const;
  return (
    <Part title={t("Process")}>
      {texts[0] === texts[1] ? (
        <Text c="dimmed">{t("Both have the same process.")}</Text>
      ) : (
        <Texts before={texts[0]} after={texts[1]} of={[before.Version, after.Version]} />
      )}
    </Part>
  );
}

function Texts({ before, after, of }: { before: string; after: string; of: readonly [string, string] }) {
  return (
    <Suspense fallback={<Loading rows={3} />}>
      <DiffView before={before} after={after} beforeLabel={of[0]} afterLabel={of[1]} />
    </Suspense>
  );
}
