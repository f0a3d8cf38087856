import { Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useMemo } from "react";
import { put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useDraft } from "../../parts/draft";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { DangerSection, LogoSection } from "./SettingsExtras";
import { DeploymentsSection, GeneralSection, ReleasesSection } from "./SettingsSections";
import { draftOf, projectWith } from "./settings";
import { projectAddress, useProject } from "./shared";

const FIELDS = [
  "Name",
  "Slug",
  "Description",
  "ProjectGroupId",
  "LifecycleId",
  "DefaultGuidedFailureMode",
  "VersioningStrategy.Template",
  "VersioningStrategy.DonorPackage",
  "VersioningStrategy",
  "ReleaseNotesTemplate",
  "ProjectConnectivityPolicy",
] as const;
const PATH = "/api/{spaceId}/projects/{id}";

const loadedOf = (project: Schema["Project"]) => ({ ...draftOf(project), Version: project.Version });

/** Everything that is set of a project as a whole. */
export function SettingsPage() {
  const project = useProject();
  return <Settings key={project.Id} project={project} />;
}

function Settings({ project }: { project: Schema["Project"] }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const may = useMay("ProjectEdit", spaceId);
  const saving = useSaving(FIELDS);
  const form = useDraft(useMemo(() => loadedOf(project), [project]));
  const { draft, set } = form;
  const path = { spaceId, id: project.Id };
  const body = () => ({ ...projectWith(project, draft), Version: draft.Version });
  const save = (event: FormEvent) => {
    event.preventDefault();
    void saving.run(async () => {
      const saved = (await put(PATH, { path, body: body() })) as Schema["Project"];
      form.settle(loadedOf(saved));
      stale("project");
      if (saved.Slug !== project.Slug)
        await navigate({
          to: projectAddress(spaceId, saved, "settings"),
          replace: true,
          ignoreBlocker: true,
        });
    }, t("The settings are saved."));
  };
  const part = { draft, change: set, errorOf: saving.errorOf };
  return (
    <Stack maw="48rem" gap="lg">
      <Stack component="form" onSubmit={save} gap="lg" aria-label={t("Settings")}>
        <Refused sentences={saving.others} />
        <GeneralSection {...part} />
        <ReleasesSection {...part} projectId={project.Id} />
        <DeploymentsSection {...part} />
        <SaveBar
          dirty={form.dirty}
          busy={saving.busy}
          why={may === false ? t("You need the permission ProjectEdit.") : undefined}
          onReset={form.reset}
          moved={form.moved}
          request={() => ({ method: "PUT", template: PATH, path, body: body() })}
          action={t("Save the settings")}
        />
      </Stack>
      <LogoSection project={project} />
      <DangerSection project={project} />
    </Stack>
  );
}
