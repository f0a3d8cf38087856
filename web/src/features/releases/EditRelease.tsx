import { Select, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { put } from "../../api/client";
import { queries, stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useDraft } from "../../parts/draft";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { textFields } from "../../parts/textFields";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { releaseReading } from "../deploying/shared";
import { Notes } from "./Notes";
import classes from "./Releases.module.css";

interface Props {
  release: Schema["Release"];
  channels: readonly Schema["Channel"][];
}

const FIELDS = ["Version", "ChannelId", "ReleaseNotes", "SelectedPackages"];

/** Changes a release: its version, channel, package versions and notes. Its process stays as it was frozen. */
export function EditRelease({ release, channels }: Props) {
  const spaceId = useSpaceId();
  const { draft, set, dirty, reset, settle, moved } = useDraft(release);
  const saving = useSaving(FIELDS);
  const navigate = useNavigate({ from: "/$space/releases/$release" });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!dirty || saving.busy) return;
    const path = { spaceId, id: release.Id };
    const done = await saving.run(
      async () => {
        const saved = await put("/api/{spaceId}/releases/{id}", { path, body: draft });
        queries.setQueryData(releaseReading(spaceId, release.Id).queryKey, saved);
        settle(saved);
      },
      t("Release {{version}} is saved", { version: draft.Version }),
    );
    if (!done) return;
    stale("release");
    await navigate({ search: {}, replace: true, resetScroll: false });
  };
  const choose = (at: number, Version: string) =>
    set({
      SelectedPackages: draft.SelectedPackages.map((each, n) => (n === at ? { ...each, Version } : each)),
    });
  const text = textFields(draft, set, saving);
  return (
    <Section title={t("Edit {{version}}", { version: release.Version })}>
      <form onSubmit={save} noValidate>
        <Stack gap="sm">
          <Refused sentences={saving.others} />
          <div className={classes.columns}>
            <TextInput label={t("Version")} {...text("Version")} />
            {channels.length > 1 && (
              <Select
                label={t("Channel")}
                data={channels.map((each) => ({ value: each.Id, label: each.Name }))}
                value={draft.ChannelId}
                allowDeselect={false}
                error={saving.errorOf("ChannelId")}
                onChange={(id) => id && set({ ChannelId: id })}
              />
            )}
          </div>
          {draft.SelectedPackages.map((each, at) => (
            <TextInput
              key={`${each.ActionName} ${each.PackageReferenceName}`}
              label={t("Version of the package of {{step}}", { step: each.ActionName })}
              value={each.Version}
              error={at === 0 ? saving.errorOf("SelectedPackages") : undefined}
              onChange={(event) => choose(at, event.currentTarget.value)}
            />
          ))}
          <Notes
            value={draft.ReleaseNotes ?? ""}
            error={saving.errorOf("ReleaseNotes")}
            onChange={(ReleaseNotes) => set({ ReleaseNotes })}
          />
          <SaveBar
            dirty={dirty}
            busy={saving.busy}
            onReset={reset}
            moved={moved}
            request={() => ({
              method: "PUT",
              template: "/api/{spaceId}/releases/{id}",
              path: { spaceId, id: release.Id },
              body: draft,
            })}
          />
        </Stack>
      </form>
    </Section>
  );
}
