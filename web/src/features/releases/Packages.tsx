import { Autocomplete, Loader, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { ruleOf, ruleQuery, ruleWords, shutOut, startOf } from "./choosing";
import classes from "./Releases.module.css";
import { versionsReading } from "./reading";

interface Props {
  wanted: Schema["TemplatePackage"];
  channel: Schema["Channel"] | undefined;
  /** The channel's rules do not count. */
  ignoring: boolean;
  /** What somebody chose; undefined for the newest that fits. */
  chosen: string | undefined;
  onChoose: (version: string) => void;
  error: string | undefined;
}

/** One package of a release: which version, by default the newest that fits, and why newer ones do not. */
export function PackageVersion({ wanted, channel, ignoring, chosen, onChoose, error }: Props) {
  const found = useVersions(wanted, channel, ignoring);
  const value = chosen ?? found.start;
  return (
    <div className={classes.versions} data-package={wanted.ActionName}>
      <div>
        <Text fw={600}>{wanted.PackageId}</Text>
        <Text size="sm" c="dimmed">
          {wanted.PackageReferenceName
            ? t("{{reference}} of {{step}}", {
                reference: wanted.PackageReferenceName,
                step: wanted.ActionName,
              })
            : t("Step {{step}}", { step: wanted.ActionName })}
          {wanted.FeedName ? ` · ${wanted.FeedName}` : ""}
        </Text>
        {wanted.VersionSelectedLastRelease && (
          <Text size="sm" c="dimmed">
            {t("The last release has {{version}}.", { version: wanted.VersionSelectedLastRelease })}
          </Text>
        )}
        <WhyNot shut={found.shut} rule={found.rule} ignoring={ignoring} />
        <Refused error={found.error} />
      </div>
      <VersionField
        label={t("Version of {{package}}", { package: wanted.PackageId ?? wanted.ActionName })}
        value={value}
        found={found}
        error={
          error ?? (found.ready && !value ? t("No version fits. Upload one, or choose another.") : undefined)
        }
        onChange={onChoose}
      />
    </div>
  );
}

function WhyNot({
  shut,
  rule,
  ignoring,
}: {
  shut: readonly string[];
  rule: Schema["ChannelRule"] | undefined;
  ignoring: boolean;
}) {
  if (!rule || ignoring || shut.length === 0) return null;
  return (
    <Text size="sm" data-why-not>
      {t("The channel's rule asks for {{rule}} and shuts out {{versions}}.", {
        rule: ruleWords(rule),
        versions: shut.slice(0, 3).join(", "),
      })}
    </Text>
  );
}

interface Found {
  fitting: readonly string[];
  shut: readonly string[];
  start: string;
  ready: boolean;
  rule: Schema["ChannelRule"] | undefined;
  error: unknown;
  search: (text: string) => void;
}

function useVersions(
  wanted: Schema["TemplatePackage"],
  channel: Schema["Channel"] | undefined,
  ignoring: boolean,
): Found {
  const spaceId = useSpaceId();
  const [text, search] = useState("");
  const [part] = useDebouncedValue(text, 250);
  const rule = ruleOf(channel, wanted);
  const held = ignoring ? undefined : rule;
  const feed = wanted.FeedId ?? "";
  const enabled = wanted.IsResolvable;
  const ask = { packageId: wanted.PackageId ?? "", take: 30 };
  const fitting = useQuery({ ...versionsReading(spaceId, feed, { ...ask, ...ruleQuery(held) }), enabled });
  const all = useQuery({ ...versionsReading(spaceId, feed, ask), enabled: enabled && Boolean(held) });
  const matching = useQuery({
    ...versionsReading(spaceId, feed, { ...ask, ...ruleQuery(held), filter: part }),
    enabled: enabled && part !== "",
  });
  const items = fitting.data?.Items ?? [];
  const offered = (part && matching.data ? matching.data.Items : items).map((each) => each.Version);
  return {
    fitting: [...new Set(offered)],
    shut: held ? shutOut(all.data?.Items ?? [], items).map((each) => each.Version) : [],
    start: startOf(wanted, items),
    ready: !fitting.isFetching,
    rule,
    error: fitting.error,
    search,
  };
}

interface FieldProps {
  label: string;
  value: string;
  found: Found;
  error: string | undefined;
  onChange: (version: string) => void;
}

/** A version may also be typed: a feed may know more than its list shows. */
function VersionField({ label, value, found, error, onChange }: FieldProps) {
  return (
    <Autocomplete
      label={label}
      data={[...found.fitting]}
      filter={({ options }) => options}
      maxDropdownHeight={280}
      value={value}
      error={error}
      rightSection={found.ready ? null : <Loader size="xs" aria-label={t("Asking the feed")} />}
      onChange={(text) => {
        onChange(text);
        found.search(found.fitting.includes(text) ? "" : text);
      }}
    />
  );
}
