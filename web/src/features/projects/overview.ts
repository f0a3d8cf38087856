import type { Schema } from "../../api/types";
import { type State, stateOf } from "../../parts/states";

type Item = Schema["DashboardItem"];
type Place = Schema["Place"];

/** Which releases the overview shows: of one channel, or of all. */
export interface OverviewSearch {
  channel?: string;
}

/** Reads the search of an address. */
export const overviewSearch = (given: Record<string, unknown>): OverviewSearch =>
  typeof given.channel === "string" && given.channel ? { channel: given.channel } : {};

/** A release in an environment: where it stands there, or why it cannot go there. */
export interface Spot {
  environment: Place;
  item?: Item;
  state?: State;
  /** The last deployment of all that were made to this environment. */
  current: boolean;
  /** It may be deployed here now for the first time. */
  next: boolean;
  /** The environment is in the lifecycle of the release's channel. */
  within: boolean;
  /** What must happen before it may go here. */
  blocked?: { defect: boolean; before: readonly string[] };
}

export interface ReleaseLine {
  release: Schema["Release"];
  channel: Schema["Channel"];
  defect: boolean;
  spots: readonly Spot[];
}

export interface Overview {
  channels: readonly Schema["Channel"][];
  environments: readonly Place[];
  lines: readonly ReleaseLine[];
}

/** The releases of a project by the environments they go to, of one channel if it is named. */
export function overviewOf(progression: Schema["Progression"], channelId: string | undefined): Overview {
  const rows = progression.Releases.map((row) => ({
    ...row,
    Release: row.Release as Schema["Release"],
    Channel: row.Channel as Schema["Channel"],
    Deployments: row.Deployments as Record<string, Item[]>,
  }));
  const channels = [...new Map(rows.map((row) => [row.Channel.Id, row.Channel])).values()].sort((a, b) =>
    a.Name.localeCompare(b.Name),
  );
  const known = channelId && progression.ChannelEnvironments[channelId] ? channelId : undefined;
  const environments = known ? (progression.ChannelEnvironments[known] ?? []) : progression.Environments;
  const newest = newestByPlace(rows.flatMap((row) => Object.values(row.Deployments).flat()));
  const lines = rows
    .filter((row) => !known || row.Channel.Id === known)
    .map((row) => ({
      release: row.Release,
      channel: row.Channel,
      defect: row.HasUnresolvedDefect,
      spots: environments.map((environment) =>
        spot(row, environment, progression.ChannelEnvironments[row.Channel.Id] ?? [], newest),
      ),
    }));
  return { channels, environments, lines };
}

interface Row {
  Deployments: Record<string, Item[]>;
  NextDeployments: readonly string[];
  HasUnresolvedDefect: boolean;
}

function spot(row: Row, environment: Place, reach: readonly Place[], newest: Map<string, string>): Spot {
  const item = row.Deployments[environment.Id]?.[0];
  const next = row.NextDeployments.includes(environment.Id);
  const within = reach.some((each) => each.Id === environment.Id);
  const names = new Map(reach.map((each) => [each.Id, each.Name]));
  const before = row.NextDeployments.flatMap((id) => names.get(id) ?? []);
  return {
    environment,
    next,
    within,
    current: item !== undefined && newest.get(environment.Id) === item.Id,
    ...(item
      ? {
          item,
          state: stateOf(item.State, {
            waits: item.HasPendingInterruptions,
            warnings: item.HasWarningsOrErrors,
          }),
        }
      : {}),
    ...(!item && !next && within ? { blocked: { defect: row.HasUnresolvedDefect, before } } : {}),
  };
}

function newestByPlace(items: readonly Item[]): Map<string, string> {
  const found = new Map<string, Item>();
  for (const item of items) {
    const before = found.get(item.EnvironmentId);
    if (!before || before.Created < item.Created) found.set(item.EnvironmentId, item);
  }
  return new Map([...found].map(([environment, item]) => [environment, item.Id]));
}
