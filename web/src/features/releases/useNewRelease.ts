import { useQueries } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { stale, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useSaving } from "../../parts/saving";
import { useSpaceId } from "../../shell/space";
import { releaseAddress } from "../deploying/shared";
import { useProject } from "../projects/shared";
import { expectedVersion, keyOf, ruleOf, ruleQuery, selectedOf, startOf } from "./choosing";
import { channelsReading, templateReading, versionsReading } from "./reading";

const route = getRouteApi("/frame/$space/projects/$project/releases/create");

interface Draft {
  version?: string;
  notes: string;
  ignoring: boolean;
  packages: ReadonlyMap<string, string>;
  git: ReadonlyMap<string, string>;
  fields: Readonly<Record<string, string>>;
}

const EMPTY: Draft = { notes: "", ignoring: false, packages: new Map(), git: new Map(), fields: {} };
const FIELDS = ["Version", "ChannelId", "ReleaseNotes", "CustomFields"];

export type NewRelease = ReturnType<typeof useNewRelease>;

/** What a new release would be, what is chosen for it, and making it. The channel is in the address. */
export function useNewRelease() {
  const spaceId = useSpaceId();
  const project = useProject();
  const navigate = useNavigate();
  const wantedChannel = route.useSearch().channel;
  const channels = useSuspenseQuery(channelsReading(spaceId, project.Id)).data.Items;
  const channel =
    channels.find((each) => [each.Slug, each.Id, each.Name].includes(wantedChannel ?? "")) ??
    channels.find((each) => each.IsDefault) ??
    channels[0];
  const template = useSuspenseQuery(templateReading(spaceId, project.Id, channel?.Id ?? "")).data;
  const [draft, setDraft] = useState(EMPTY);
  const starts = useStarts(spaceId, template.Packages, draft.ignoring ? undefined : channel);
  const chosen = new Map(
    template.Packages.map((each) => {
      const key = keyOf(each);
      return [key, draft.packages.get(key) ?? starts.get(key) ?? ""] as const;
    }),
  );
  const selected = selectedOf(template.Packages, chosen);
  const expected = expectedVersion(template, selected);
  const version = draft.version ?? expected;
  const saving = useSaving([...FIELDS, ...template.Packages.map((each) => each.ActionName)]);
  const body: Partial<Schema["Release"]> = {
    ProjectId: project.Id,
    ChannelId: channel?.Id ?? "",
    Version: version,
    ReleaseNotes: draft.notes,
    IgnoreChannelRules: draft.ignoring,
    SelectedPackages: selected,
    SelectedGitResources: gitOf(template.GitResources, draft.git),
    CustomFields: draft.fields,
  };
  return {
    project,
    channels,
    channel,
    template,
    draft,
    chosen,
    expected,
    version,
    saving,
    body,
    change: (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed })),
    create: () =>
      saving.run(async () => {
        const made = await post("/api/{spaceId}/releases", { path: { spaceId }, body });
        stale("release", "project");
        await navigate({ to: releaseAddress(spaceId, made.Id) });
      }),
  };
}

/** The version each package begins with: the newest its feed has that the channel's rules let through. */
function useStarts(
  spaceId: string,
  packages: readonly Schema["TemplatePackage"][],
  channel: Schema["Channel"] | undefined,
): ReadonlyMap<string, string> {
  return useQueries({
    queries: packages.map((each) => ({
      ...versionsReading(spaceId, each.FeedId ?? "", {
        packageId: each.PackageId ?? "",
        take: 30,
        ...ruleQuery(ruleOf(channel, each)),
      }),
      enabled: each.IsResolvable,
    })),
    combine: (answers) =>
      new Map(
        packages.map((each, n) => [keyOf(each), startOf(each, answers[n]?.data?.Items ?? [])] as const),
      ),
  });
}

/** One text for each repository of a release. */
export const gitKey = (each: { ActionName: string; Name: string | null }): string =>
  `${each.ActionName}\n${each.Name ?? ""}`;

function gitOf(
  wanted: readonly Schema["TemplateGitResource"][],
  given: ReadonlyMap<string, string>,
): Schema["SelectedGitResource"][] {
  return wanted.flatMap((each) => {
    const ref = (given.get(gitKey(each)) ?? each.DefaultBranch ?? "").trim();
    const reference = { GitRef: ref } as unknown as Record<string, never>;
    return ref
      ? [
          {
            ActionName: each.ActionName,
            GitResourceReferenceName: each.Name,
            GitReferenceResource: reference,
          },
        ]
      : [];
  });
}
