import { Alert, Anchor, Button, Stack, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { remove } from "../../api/client";
import { stale, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Loading } from "../../parts/Loading";
import { Markdown } from "../../parts/Markdown";
import { Page } from "../../parts/Page";
import { Section } from "../../parts/Section";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import {
  ChangedValues,
  DeployButton,
  defectsReading,
  environmentsReading,
  phasesOf,
  progressionReading,
  releaseReading,
  SnapshotNotice,
} from "../deploying/shared";
import { projectAddress, projectCrumbs, projectReading } from "../projects/shared";
import { Builds } from "./Builds";
import { Defects } from "./Defects";
import { EditRelease } from "./EditRelease";
import { History } from "./History";
import { Progression } from "./Progression";
import classes from "./Releases.module.css";
import { channelsReading, missingReading } from "./reading";

const route = getRouteApi("/frame/$space/releases/$release");
const Compare = lazy(() => import("./Compare"));

/** Everything of one release: where it is and may go, what is in it, what was done with it. */
export function ReleasePage() {
  const spaceId = useSpaceId();
  const { release: id } = route.useParams();
  const { compare, deployment, edit } = route.useSearch();
  const release = useSuspenseQuery(releaseReading(spaceId, id)).data;
  const project = useSuspenseQuery(projectReading(spaceId, release.ProjectId)).data;
  const channels = useSuspenseQuery(channelsReading(spaceId, project.Id)).data.Items;
  const channel = channels.find((each) => each.Id === release.ChannelId);
  return (
    <Page
      title={`${project.Name} ${release.Version}`}
      crumbs={projectCrumbs(spaceId, project, {
        text: t("Releases"),
        to: projectAddress(spaceId, project, "releases"),
      })}
      about={
        <>
          {channels.length > 1 && channel && <>{t("Channel {{name}}", { name: channel.Name })} · </>}
          {t("made")} <When at={release.Assembled} />
          {release.IgnoreChannelRules && <> · {t("the channel's rules were ignored")}</>}
        </>
      }
      actions={<Actions release={release} />}
      wide
    >
      <Stack gap="md">
        <Suspense fallback={null}>
          <SnapshotNotice releaseId={release.Id} version={release.Version} />
        </Suspense>
        {edit && <EditRelease release={release} channels={channels} />}
        <Suspense fallback={null}>
          <ChangedValues releaseId={release.Id} version={release.Version} />
        </Suspense>
        <TheWay release={release} />
        {compare !== undefined && (
          <Suspense fallback={<Loading rows={3} />}>
            <Compare release={release} other={compare} deployment={deployment} />
          </Suspense>
        )}
        <div className={classes.columns}>
          <Stack gap="md">
            <NotesSection release={release} />
            <History release={release} />
          </Stack>
          <Stack gap="md">
            <PackagesSection release={release} />
            {release.BuildInformation.length > 0 && (
              <Section title={t("Builds")}>
                <Builds builds={release.BuildInformation as unknown as Schema["BuildInformation"][]} />
              </Section>
            )}
            <Danger release={release} project={project} />
          </Stack>
        </div>
      </Stack>
    </Page>
  );
}

function Actions({ release }: { release: Schema["Release"] }) {
  const spaceId = useSpaceId();
  const may = useMay("ReleaseEdit", spaceId);
  const { compare, edit } = route.useSearch();
  const params = { space: spaceId, release: release.Id };
  const to = (search: { compare?: string; edit?: boolean }, text: string): ReactNode => (
    <Button
      variant="default"
      renderRoot={(props) => (
        <Link to="/$space/releases/$release" params={params} search={search} resetScroll={false} {...props} />
      )}
    >
      {text}
    </Button>
  );
  return (
    <>
      {compare === undefined ? to({ compare: "previous" }, t("Compare")) : to({}, t("Stop comparing"))}
      {may !== false && (edit ? to({}, t("Stop editing")) : to({ edit: true }, t("Edit")))}
      <DeployButton releaseId={release.Id}>
        {t("Deploy {{version}}", { version: release.Version })}
      </DeployButton>
    </>
  );
}

function TheWay({ release }: { release: Schema["Release"] }) {
  const spaceId = useSpaceId();
  const environments = useSuspenseQuery(environmentsReading(spaceId)).data;
  const progression = useSuspenseQuery(progressionReading(spaceId, release.Id)).data;
  const defects = useSuspenseQuery(defectsReading(spaceId, release.Id)).data.Items;
  const open = defects.find((each) => each.Status === "Unresolved");
  const names = new Map(environments.map((each) => [each.Id, each.Name]));
  return (
    <Section
      title={t("Progression")}
      about={t("Where it is, and where it may go next.")}
      actions={<Defects releaseId={release.Id} version={release.Version} open={open} />}
    >
      {open && (
        <Alert
          color="red"
          variant="light"
          icon={<IconHandStop aria-hidden />}
          title={t("Held back: it goes to no further phase")}
          styles={{ title: { color: "var(--state-failed)" } }}
        >
          {open.Description}
        </Alert>
      )}
      <Progression
        releaseId={release.Id}
        version={release.Version}
        phases={phasesOf(progression, open?.Description)}
        names={names}
      />
    </Section>
  );
}

function NotesSection({ release }: { release: Schema["Release"] }) {
  return (
    <Section title={t("Release notes")}>
      {release.ReleaseNotes?.trim() ? (
        <Markdown text={release.ReleaseNotes} />
      ) : (
        <Text c="dimmed">{t("There are none.")}</Text>
      )}
      {Object.entries(release.CustomFields).map(([name, value]) => (
        <Text size="sm" key={name}>
          {name}: {value}
        </Text>
      ))}
    </Section>
  );
}

function PackagesSection({ release }: { release: Schema["Release"] }) {
  const spaceId = useSpaceId();
  const missing = useQuery(missingReading(spaceId, release.Id)).data?.Packages ?? [];
  const git = release.SelectedGitResources;
  if (release.SelectedPackages.length === 0 && git.length === 0) return null;
  const gone = (each: Schema["SelectedPackage"]) =>
    missing.find(
      (one) =>
        one.ActionName === each.ActionName && one.PackageReferenceName === (each.PackageReferenceName ?? ""),
    );
  return (
    <Section title={t("Packages")}>
      <Stack gap="xs">
        {release.SelectedPackages.map((each) => (
          <div key={`${each.ActionName} ${each.PackageReferenceName}`} data-selected={each.ActionName}>
            <Text>
              {each.ActionName}
              {each.PackageReferenceName && ` · ${each.PackageReferenceName}`}:{" "}
              <Text span fw={600}>
                {each.Version}
              </Text>
            </Text>
            {gone(each) && (
              <Text size="sm" c="var(--state-failed)">
                {t("This version is not in the built-in repository any more.")}
              </Text>
            )}
          </div>
        ))}
        {git.map((each) => (
          <Text key={`${each.ActionName} ${each.GitResourceReferenceName}`}>
            {each.ActionName}: <code>{gitText(each.GitReferenceResource)}</code>
          </Text>
        ))}
        <Anchor component={Link} to={`/${spaceId}/library/packages`} size="sm">
          {t("All packages")}
        </Anchor>
      </Stack>
    </Section>
  );
}

function gitText(resource: unknown): string {
  const { GitRef, GitCommit } = (resource ?? {}) as { GitRef?: string; GitCommit?: string };
  return [GitRef, GitCommit?.slice(0, 10)].filter(Boolean).join(" · ");
}

function Danger({ release, project }: { release: Schema["Release"]; project: Schema["Project"] }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const may = useMay("ReleaseDelete", spaceId);
  return (
    <div>
      <Destroy
        action={t("Delete the release {{version}}", { version: release.Version })}
        name={release.Version}
        effect={t(
          "The release goes with the records of its deployments. What it deployed stays where it is.",
        )}
        why={may === false ? t("You need the permission ReleaseDelete.") : undefined}
        onConfirm={async () => {
          await remove("/api/{spaceId}/releases/{id}", { path: { spaceId, id: release.Id } });
          await navigate({ to: projectAddress(spaceId, project, "releases") });
          stale("release", "project", "deployment");
        }}
      />
    </div>
  );
}
