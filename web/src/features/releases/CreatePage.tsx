import { Checkbox, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { CopyAs } from "../../parts/CopyAs";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { keyOf, ruleOf, whyVersion } from "./choosing";
import { createCommand } from "./command";
import { Notes } from "./Notes";
import { PackageVersion } from "./Packages";
import classes from "./Releases.module.css";
import { gitKey, type NewRelease, useNewRelease } from "./useNewRelease";

/** The form that makes a release: version, channel, packages, notes. */
export function CreatePage() {
  const made = useNewRelease();
  const { saving, version, project, template } = made;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!saving.busy) void made.create();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw="64rem">
        <Title order={2} size="h3">
          {t("Create a release")}
        </Title>
        <Refused sentences={saving.others} />
        <Basics made={made} />
        <ThePackages made={made} />
        {template.GitResources.length > 0 && <Repositories made={made} />}
        <Section title={t("Notes")}>
          <Notes
            value={made.draft.notes}
            error={saving.errorOf("ReleaseNotes")}
            help={
              project.ReleaseNotesTemplate
                ? t("Markdown. The project's template is used where this is empty.")
                : undefined
            }
            onChange={(notes) => made.change({ notes })}
          />
        </Section>
        <Buttons made={made} version={version} />
      </Stack>
    </form>
  );
}

function Basics({ made }: { made: NewRelease }) {
  const { channels, channel, saving, template } = made;
  const navigate = useNavigate({ from: "/$space/projects/$project/releases/create" });
  return (
    <Section title={t("Number and channel")}>
      <div className={classes.fields}>
        <TextInput
          label={t("Version")}
          description={whyVersion(template)}
          value={made.version}
          error={saving.errorOf("Version")}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => made.change({ version: event.currentTarget.value })}
        />
        {channels.length > 1 && (
          <Select
            label={t("Channel")}
            description={t("Its lifecycle says where the release may go, its rules which packages fit.")}
            data={channels.map((each) => ({ value: each.Id, label: each.Name }))}
            value={channel?.Id ?? null}
            allowDeselect={false}
            error={saving.errorOf("ChannelId")}
            onChange={(id) => {
              const next = channels.find((each) => each.Id === id);
              if (next)
                void navigate({
                  search: next.IsDefault ? {} : { channel: next.Slug || next.Id },
                  replace: true,
                });
            }}
          />
        )}
      </div>
      {(channel?.CustomFieldDefinitions ?? []).map((field) => (
        <TextInput
          key={field.FieldName}
          label={field.FieldName}
          description={field.Description || undefined}
          value={made.draft.fields[field.FieldName] ?? ""}
          onChange={(event) =>
            made.change({ fields: { ...made.draft.fields, [field.FieldName]: event.currentTarget.value } })
          }
        />
      ))}
    </Section>
  );
}

function ThePackages({ made }: { made: NewRelease }) {
  const { template, channel, draft, project, saving } = made;
  const ruled = template.Packages.some((each) => ruleOf(channel, each));
  if (template.Packages.length === 0) return null;
  return (
    <Section title={t("Packages")} about={t("Chosen is the newest version that fits the channel.")}>
      <div>
        {template.Packages.map((each) => (
          <PackageVersion
            key={keyOf(each)}
            wanted={each}
            channel={channel}
            ignoring={draft.ignoring}
            chosen={draft.packages.get(keyOf(each))}
            error={saving.errorOf(each.ActionName)}
            onChoose={(version) =>
              made.change({ packages: new Map(draft.packages).set(keyOf(each), version) })
            }
          />
        ))}
      </div>
      {ruled && (
        <Checkbox
          label={t("Ignore the channel's rules")}
          description={
            project.AllowIgnoreChannelRules
              ? t("Any version may be chosen; the release keeps that in mind.")
              : t("The project does not allow it; its settings say so.")
          }
          checked={draft.ignoring}
          disabled={!project.AllowIgnoreChannelRules}
          styles={{ description: { color: "var(--quiet)" } }}
          onChange={(event) => made.change({ ignoring: event.currentTarget.checked })}
        />
      )}
    </Section>
  );
}

function Repositories({ made }: { made: NewRelease }) {
  return (
    <Section
      title={t("Git repositories")}
      about={t("The branch, tag or commit each step takes its files from.")}
    >
      {made.template.GitResources.map((each) => (
        <TextInput
          key={gitKey(each)}
          label={each.Name ? `${each.ActionName} · ${each.Name}` : each.ActionName}
          description={each.RepositoryUri}
          placeholder={each.DefaultBranch ?? ""}
          value={made.draft.git.get(gitKey(each)) ?? each.DefaultBranch ?? ""}
          onChange={(event) =>
            made.change({ git: new Map(made.draft.git).set(gitKey(each), event.currentTarget.value) })
          }
        />
      ))}
    </Section>
  );
}

function Buttons({ made, version }: { made: NewRelease; version: string }) {
  const spaceId = useSpaceId();
  const may = useMay("ReleaseCreate", spaceId);
  const without = made.template.Packages.filter((each) => !made.chosen.get(keyOf(each)));
  const why =
    may === false
      ? t("You need the permission ReleaseCreate.")
      : made.project.IsDisabled
        ? t("The project is disabled. Enable it in its settings to create releases.")
        : without.length > 0
          ? t("No version is chosen for {{what}}.", {
              what: without.map((each) => each.PackageId ?? each.ActionName).join(", "),
            })
          : undefined;
  return (
    <div>
      <Stack gap={4}>
        <div className={classes.places}>
          <WhyButton type="submit" loading={made.saving.busy} why={why}>
            {version ? t("Create release {{version}}", { version }) : t("Create the next release")}
          </WhyButton>
          <CopyAs
            request={() => ({
              method: "POST",
              template: "/api/{spaceId}/releases",
              path: { spaceId },
              body: made.body,
              command: createCommand(
                made.project.Slug,
                made.channel,
                made.body,
                made.draft.packages.size > 0,
              ),
            })}
          />
        </div>
        {why && (
          <Text size="sm" c="dimmed">
            {why}
          </Text>
        )}
      </Stack>
    </div>
  );
}
