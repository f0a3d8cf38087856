import { Anchor, Badge, Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { ListTable } from "../../parts/ListTable";
import { StateMark } from "../../parts/StateMark";
import { When } from "../../parts/When";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { DeployButton, releaseAddress, taskAddress } from "../deploying/shared";
import { FirstSteps } from "./FirstSteps";
import classes from "./Overview.module.css";
import { type OverviewSearch, overviewOf, type ReleaseLine, type Spot } from "./overview";
import { projectAddress, useProject } from "./shared";

const route = getRouteApi("/frame/$space/projects/$project/");

const progressionReading = (spaceId: string, id: string) =>
  reading(
    ["project", "release", "deployment", "task", "environment"],
    "/api/{spaceId}/projects/{id}/progression",
    { path: { spaceId, id } },
  );

/** Where the newest releases of a project are, and where they may go now. */
export function OverviewPage() {
  const project = useProject();
  const spaceId = useSpaceId();
  const { channel } = route.useSearch();
  const navigate = route.useNavigate();
  const progression = useSuspenseQuery(progressionReading(spaceId, project.Id)).data;
  if (progression.Releases.length === 0) return <FirstSteps project={project} />;
  const { channels, environments, lines } = overviewOf(progression, channel);
  const pick = (id: string | null) => {
    const search: OverviewSearch = id ? { channel: id } : {};
    void navigate({ search, replace: true });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("Releases by environment")}
        </Title>
        <Group gap="xs">
          {channels.length > 1 && (
            <Select
              aria-label={t("Channel")}
              placeholder={t("All channels")}
              clearable
              data={channels.map((each) => ({ value: each.Id, label: each.Name }))}
              value={channel ?? null}
              onChange={pick}
              clearButtonProps={{ "aria-label": t("All channels") }}
            />
          )}
          <Button
            component={Link}
            to={projectAddress(spaceId, project, "releases/create")}
            leftSection={<IconPlus size="1rem" aria-hidden />}
          >
            {t("Create a release")}
          </Button>
        </Group>
      </Group>
      <ListTable
        label={t("Releases by environment")}
        items={lines}
        idOf={(line) => line.release.Id}
        columns={[
          {
            key: "release",
            head: t("Release"),
            short: true,
            cell: (line) => <ReleaseCell spaceId={spaceId} line={line} several={channels.length > 1} />,
          },
          ...environments.map((environment) => ({
            key: environment.Id,
            head: environment.Name,
            short: true,
            cell: (line: ReleaseLine) => (
              <SpotCell
                spaceId={spaceId}
                line={line}
                spot={line.spots.find((each) => each.environment.Id === environment.Id)}
              />
            ),
          })),
        ]}
      />
      <Anchor component={Link} to={projectAddress(spaceId, project, "releases")} fz="sm">
        {t("All releases")}
      </Anchor>
    </Stack>
  );
}

function ReleaseCell({ spaceId, line, several }: { spaceId: string; line: ReleaseLine; several: boolean }) {
  const { release, channel, defect } = line;
  return (
    <Stack gap={2}>
      <Group gap="xs" wrap="nowrap">
        <Anchor component={Link} to={releaseAddress(spaceId, release.Id)} fw={600}>
          {release.Version}
        </Anchor>
        {several && (
          <Badge variant="default" tt="none" fw={500}>
            {channel.Name}
          </Badge>
        )}
        {defect && <StateMark state="warning" word="Defect" />}
      </Group>
      <Text component="span" fz="xs" c="dimmed" fw={400}>
        <When at={release.Assembled} />
      </Text>
    </Stack>
  );
}

function SpotCell({ spaceId, line, spot }: { spaceId: string; line: ReleaseLine; spot: Spot | undefined }) {
  if (!spot?.within && !spot?.item)
    return (
      <Text component="span" fz="sm" c="dimmed">
        <span aria-hidden>·</span>
        <span className="visually-hidden">{t("Not in the lifecycle of its channel")}</span>
      </Text>
    );
  const { item, state, environment } = spot;
  const label = t("Deploy {{release}} to {{environment}}…", {
    release: line.release.Version,
    environment: environment.Name,
  });
  return (
    <Stack gap={4} align="flex-start" className={spot.current ? classes.current : undefined}>
      {item && state && (
        <Group gap={6} wrap="nowrap">
          <Anchor component={Link} to={taskAddress(spaceId, item.TaskId)} underline="never">
            <StateMark state={state} />
          </Anchor>
          <Text component="span" fz="xs" c="dimmed">
            <When at={item.CompletedTime ?? item.Created} />
          </Text>
        </Group>
      )}
      {item && spot.current && (
        <Text component="span" fz="xs" fw={600}>
          {t("Is there now")}
        </Text>
      )}
      {spot.next && (
        <DeployButton
          releaseId={line.release.Id}
          environmentId={environment.Id}
          size="compact-sm"
          variant={item ? "default" : "light"}
          label={label}
        >
          {t("Deploy…")}
        </DeployButton>
      )}
      {spot.blocked && (
        <Text component="span" fz="xs" c="dimmed">
          {why(spot.blocked)}
        </Text>
      )}
    </Stack>
  );
}

function why({ defect, before }: { defect: boolean; before: readonly string[] }): string {
  if (defect) return t("Blocked by a defect");
  if (before.length > 0) return t("After {{names}}", { names: before.join(", ") });
  return t("After an earlier phase");
}
