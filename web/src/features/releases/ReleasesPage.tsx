import { Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Empty } from "../../parts/Empty";
import { Filter } from "../../parts/Filter";
import { ListTable } from "../../parts/ListTable";
import { Loading } from "../../parts/Loading";
import { Pages } from "../../parts/Pages";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { DeployButton, releaseAddress, taskAddress } from "../deploying/shared";
import { useProject } from "../projects/shared";
import classes from "./Releases.module.css";
import { channelsReading, releasesReading, whereReading } from "./reading";
import type { ListSearch } from "./search";

const route = getRouteApi("/frame/$space/projects/$project/releases");
const TAKE = 30;

/** The releases of a project: which there are, in which channel, and where they are now. */
export function ReleasesPage() {
  const spaceId = useSpaceId();
  const project = useProject();
  const search = route.useSearch();
  const channels = useSuspenseQuery(channelsReading(spaceId, project.Id)).data.Items;
  const channel = channels.find((each) => [each.Slug, each.Id, each.Name].includes(search.channel ?? ""));
  const change = useSearchChange();
  const query = { skip: ((search.page ?? 1) - 1) * TAKE, take: TAKE, searchByVersion: search.version };
  const page = useQuery({
    ...releasesReading(spaceId, project.Id, channel?.Id, query),
    placeholderData: keepPreviousData,
  });
  const nothing = page.data?.TotalResults === 0 && !search.version && !channel;
  return (
    <Stack gap="md">
      <Bar channels={channels} channel={channel} search={search} />
      <Refused error={page.error} />
      {page.isPending && <Loading />}
      {page.data && !nothing && (
        <Rows
          releases={page.data.Items}
          channels={channels}
          empty={<Text c="dimmed">{t("No release matches.")}</Text>}
        />
      )}
      {nothing && (
        <Empty
          title={t("No release yet")}
          why={t(
            "A release freezes the process, the variables and the versions of packages, so that every environment gets the same.",
          )}
        />
      )}
      <Pages
        total={page.data?.TotalResults ?? 0}
        take={TAKE}
        page={search.page ?? 1}
        onPage={(at) => change({ page: at })}
      />
    </Stack>
  );
}

function useSearchChange() {
  const navigate = useNavigate({ from: "/$space/projects/$project/releases" });
  return (changed: ListSearch) => {
    const clean = (before: ListSearch) => {
      const after: ListSearch = { ...before, page: undefined, ...changed };
      return Object.fromEntries(Object.entries(after).filter(([, value]) => value)) as ListSearch;
    };
    void navigate({ search: clean, replace: true });
  };
}

interface BarProps {
  channels: readonly Schema["Channel"][];
  channel: Schema["Channel"] | undefined;
  search: ListSearch;
}

function Bar({ channels, channel, search }: BarProps) {
  const spaceId = useSpaceId();
  const project = useProject();
  const change = useSearchChange();
  const may = useMay("ReleaseCreate", spaceId);
  const why =
    may === false
      ? t("You need the permission ReleaseCreate.")
      : project.IsDisabled
        ? t("The project is disabled. Enable it in its settings to create releases.")
        : undefined;
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="sm">
        <Filter
          label={t("Version")}
          value={search.version ?? ""}
          onChange={(version) => change({ version })}
        />
        {channels.length > 1 && (
          <Select
            aria-label={t("Channel")}
            placeholder={t("All channels")}
            data={channels.map((each) => ({ value: each.Slug || each.Id, label: each.Name }))}
            value={channel ? channel.Slug || channel.Id : null}
            clearable
            clearButtonProps={{ "aria-label": t("All channels") }}
            onChange={(value) => change({ channel: value ?? "" })}
          />
        )}
      </Group>
      {why ? (
        <WhyButton why={why}>{t("Create release")}</WhyButton>
      ) : (
        <Button
          renderRoot={(props) => (
            <Link
              to="/$space/projects/$project/releases/create"
              params={{ space: spaceId, project: project.Slug }}
              search={search.channel ? { channel: search.channel } : {}}
              {...props}
            />
          )}
        >
          {t("Create release")}
        </Button>
      )}
    </Group>
  );
}

interface RowsProps {
  releases: readonly Schema["Release"][];
  channels: readonly Schema["Channel"][];
  empty: ReactNode;
}

function Rows({ releases, channels, empty }: RowsProps) {
  const spaceId = useSpaceId();
  const project = useProject();
  const where = useQuery(whereReading(spaceId, project.Id)).data;
  const rows = new Map(where?.Releases.map((row) => [(row.Release as Schema["Release"]).Id, row]));
  const environments = new Map(where?.Environments.map((each) => [each.Id, each.Name]));
  const names = new Map(channels.map((each) => [each.Id, each.Name]));
  return (
    <ListTable
      label={t("Releases")}
      items={releases}
      idOf={(release) => release.Id}
      empty={empty}
      columns={[
        {
          key: "version",
          head: t("Version"),
          short: true,
          cell: (release) => (
            <Anchor component={Link} to={releaseAddress(spaceId, release.Id)} fw={600} inherit>
              {release.Version}
            </Anchor>
          ),
        },
        ...(channels.length > 1
          ? [
              {
                key: "channel",
                head: t("Channel"),
                cell: (release: Schema["Release"]) => names.get(release.ChannelId) ?? release.ChannelId,
              },
            ]
          : []),
        {
          key: "where",
          head: t("Where it is"),
          cell: (release) => <Where row={rows.get(release.Id)} names={environments} />,
        },
        { key: "made", head: t("Made"), short: true, cell: (release) => <When at={release.Assembled} /> },
        {
          key: "deploy",
          head: <span className="visually-hidden">{t("Deploy")}</span>,
          end: true,
          cell: (release) => (
            <DeployButton
              releaseId={release.Id}
              variant="default"
              size="compact-sm"
              label={t("Deploy {{version}}", { version: release.Version })}
            >
              {t("Deploy")}
            </DeployButton>
          ),
        },
      ]}
    />
  );
}

function Where({
  row,
  names,
}: {
  row: Schema["ReleaseRow"] | undefined;
  names: ReadonlyMap<string, string>;
}) {
  const spaceId = useSpaceId();
  const places = Object.entries(row?.Deployments ?? {}).flatMap(([environment, deployments]) => {
    const item = deployments[0] as Schema["DashboardItem"] | undefined;
    return item ? [{ environment, item }] : [];
  });
  if (places.length === 0)
    return (
      <Text c="dimmed" size="sm">
        {t("Nowhere yet")}
      </Text>
    );
  return (
    <ul className={classes.places}>
      {places.map(({ environment, item }) => (
        <li key={environment} className={classes.at}>
          <StateMark
            compact
            state={stateOf(item.State, {
              waits: item.HasPendingInterruptions,
              warnings: item.HasWarningsOrErrors,
            })}
          />
          <Anchor component={Link} to={taskAddress(spaceId, item.TaskId)} c="inherit" inherit>
            {names.get(environment) ?? environment}
          </Anchor>
        </li>
      ))}
      {row?.HasUnresolvedDefect && <li className={classes.defect}>{t("Held back")}</li>}
    </ul>
  );
}
