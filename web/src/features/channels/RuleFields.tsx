import { Button, Fieldset, Group, MultiSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { reading, useQuery } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { about, chosenOf, offered, ofRule, type Rule, type RulePackage } from "./model";

interface Props {
  rule: Rule;
  at: number;
  packages: readonly RulePackage[];
  sentences: readonly string[];
  readOnly: boolean;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

/** One rule: the packages it is about, a range and a tag; with a version to try it on. */
export function RuleFields({ rule, at, packages, sentences, readOnly, onChange, onRemove }: Props) {
  const said = ofRule(sentences, at);
  const errorOf = (field: string) => said.find((each) => each.field === field)?.text;
  const loose = said.filter((each) => !["VersionRange", "Tag", "ActionPackages"].includes(each.field));
  return (
    <Fieldset legend={t("Rule {{number}}", { number: at + 1 })}>
      <Stack gap="sm">
        <Refused sentences={loose.map((each) => each.text)} />
        <MultiSelect
          searchable
          label={t("Packages")}
          readOnly={readOnly}
          data={offered(rule, packages)}
          value={chosenOf(rule)}
          error={errorOf("ActionPackages")}
          onChange={(keys) => onChange(about(rule, keys))}
        />
        <Group align="flex-start" grow preventGrowOverflow={false} wrap="wrap">
          <TextInput
            label={t("Version range")}
            description={t("Such as [1.0,2.0): 1.0 and newer, below 2.0.")}
            miw="12rem"
            readOnly={readOnly}
            error={errorOf("VersionRange")}
            value={rule.VersionRange ?? ""}
            onChange={(event) => onChange({ ...rule, VersionRange: event.currentTarget.value })}
          />
          <TextInput
            label={t("Pre-release tag")}
            description={t("A regular expression; ^$ is none.")}
            miw="12rem"
            readOnly={readOnly}
            error={errorOf("Tag")}
            value={rule.Tag ?? ""}
            onChange={(event) => onChange({ ...rule, Tag: event.currentTarget.value })}
          />
        </Group>
        <Trial rule={rule} packages={packages} />
        {!readOnly && (
          <Group justify="flex-end">
            <Button variant="default" size="xs" onClick={onRemove}>
              {t("Remove rule {{number}}", { number: at + 1 })}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}

/** A version held against the rule as it is typed, by the server. */
function Trial({ rule, packages }: { rule: Rule; packages: readonly RulePackage[] }) {
  const spaceId = useSpaceId();
  const [version, setVersion] = useState("");
  const feeds = useQuery(reading("other", "/api/{spaceId}/feeds/all", { path: { spaceId } })).data;
  const [first] = chosenOf(rule);
  const feedId = packages.find((each) => each.key === first)?.feedId;
  const feedType = feeds?.find((each) => each.Id === feedId)?.FeedType ?? "";
  const [asked] = useDebouncedValue(
    { version, versionRange: rule.VersionRange, preReleaseTag: rule.Tag, feedType },
    300,
  );
  const verdict = useQuery({
    ...reading("other", "/api/{spaceId}/channels/rule-test", { path: { spaceId }, query: asked }),
    enabled: asked.version.trim() !== "",
    placeholderData: (before) => before,
    retry: false,
  });
  const told = version.trim() ? verdict.data : undefined;
  return (
    <Stack gap={4}>
      <TextInput
        label={t("Try a version")}
        maw="16rem"
        placeholder="1.2.3-beta"
        value={version}
        onChange={(event) => setVersion(event.currentTarget.value)}
      />
      <div role="status">
        <Refused sentences={told?.Errors ?? []} error={version.trim() ? verdict.error : undefined} />
        {told?.IsValid && (
          <Group gap="md" fz="sm">
            <Verdict
              passes={told.SatisfiesVersionRange}
              yes={t("Within the range")}
              no={t("Outside the range")}
            />
            <Verdict
              passes={told.SatisfiesPreReleaseTag}
              yes={t("Its tag fits")}
              no={t("Its tag does not fit")}
            />
          </Group>
        )}
      </div>
    </Stack>
  );
}

function Verdict({ passes, yes, no }: { passes: boolean; yes: string; no: string }) {
  const Icon = passes ? IconCheck : IconX;
  return (
    <Text fz="sm" c={passes ? "var(--state-success)" : "var(--state-failed)"}>
      <Icon size="1em" aria-hidden /> {passes ? yes : no}
    </Text>
  );
}
