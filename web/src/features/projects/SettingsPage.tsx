import { Group, Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { CopyAs } from "../../parts/CopyAs";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { DangerSection, LogoSection } from "./SettingsExtras";
import { DeploymentsSection, GeneralSection, ReleasesSection } from "./SettingsSections";
import { type Draft, draftOf, projectWith } from "./settings";
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

/** Everything that is set of a project as a whole. */
export function SettingsPage() {
  const project = useProject();
  return <Settings key={`${project.Id} ${project.Version}`} project={project} />;
}

function Settings({ project }: { project: Schema["Project"] }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const may = useMay("ProjectEdit", spaceId);
  const saving = useSaving(FIELDS);
  const [draft, setDraft] = useState<Draft>(() => draftOf(project));
  const change = (some: Partial<Draft>) => setDraft((before) => ({ ...before, ...some }));
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(project));
  const path = { spaceId, id: project.Id };
  const save = (event: FormEvent) => {
    event.preventDefault();
    void saving.run(async () => {
      const saved = (await put(PATH, { path, body: projectWith(project, draft) })) as Schema["Project"];
      stale("project");
      if (saved.Slug !== project.Slug)
        await navigate({ to: projectAddress(spaceId, saved, "settings"), replace: true });
    }, t("The settings are saved."));
  };
  const part = { draft, change, errorOf: saving.errorOf };
  return (
    <Stack maw="48rem" gap="lg">
      <Stack component="form" onSubmit={save} gap="lg" aria-label={t("Settings")}>
        <Refused sentences={saving.others} />
        <GeneralSection {...part} />
        <ReleasesSection {...part} projectId={project.Id} />
        <DeploymentsSection {...part} />
        <Group gap="xs">
          <WhyButton
            type="submit"
            loading={saving.busy}
            why={
              may === false
                ? t("You need the permission ProjectEdit.")
                : changed
                  ? undefined
                  : t("Nothing is changed yet.")
            }
          >
            {t("Save the settings")}
          </WhyButton>
          <CopyAs
            request={() => ({ method: "PUT", template: PATH, path, body: projectWith(project, draft) })}
          />
        </Group>
      </Stack>
      <LogoSection project={project} />
      <DangerSection project={project} />
    </Stack>
  );
}
