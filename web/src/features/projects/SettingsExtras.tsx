import { Button, FileButton, Group, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { address, remove, send } from "../../api/client";
import { queries, stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Destroy } from "../../parts/Destroy";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { groupsReading, summariesReading } from "./reading";
import { SettingsCard } from "./SettingsCard";

const LOGO = "/api/{spaceId}/projects/{id}/logo";

/** The picture of a project. */
export function LogoSection({ project }: { project: Schema["Project"] }) {
  const spaceId = useSpaceId();
  const saving = useSaving();
  const [round, setRound] = useState(0);
  const path = { spaceId, id: project.Id };
  const take = (file: File | null) => {
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    void saving.run(async () => {
      await send(address(LOGO, path), { method: "POST", body: form });
      setRound((before) => before + 1);
    }, t("The picture is changed."));
  };
  return (
    <SettingsCard title={t("Picture")}>
      <Refused error={saving.error} />
      <Group>
        <img
          src={address(LOGO, path, { cb: `${project.Version}-${round}` })}
          alt={t("Picture of {{name}}", { name: project.Name })}
          width="56"
          height="56"
        />
        <FileButton onChange={take} accept="image/png,image/jpeg,image/gif,image/webp">
          {(props) => (
            <Button
              {...props}
              variant="default"
              loading={saving.busy}
              leftSection={<IconUpload size="1rem" aria-hidden />}
            >
              {t("Upload a picture")}
            </Button>
          )}
        </FileButton>
        <Text fz="sm" c="dimmed">
          {t("PNG, JPEG, GIF or WebP, up to 5 MB.")}
        </Text>
      </Group>
    </SettingsCard>
  );
}

/** The end of a project. */
export function DangerSection({ project }: { project: Schema["Project"] }) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const router = useRouter();
  const may = useMay("ProjectDelete", spaceId);
  const drop = async () => {
    // The way out is made ready first: this page must be left before the stream tells that its project is gone.
    await Promise.all([
      router.preloadRoute({ to: "/$space/projects", params: { space: spaceId } }),
      queries.prefetchQuery(summariesReading(spaceId)),
      queries.prefetchQuery(groupsReading(spaceId)),
    ]);
    await remove("/api/{spaceId}/projects/{id}", { path: { spaceId, id: project.Id } });
    await navigate({ to: "/$space/projects", params: { space: spaceId } });
    stale("project", "release", "deployment");
  };
  return (
    <SettingsCard title={t("Delete")}>
      <Text fz="sm">
        {t("A project that is only to rest can be taken out of use instead: its history stays.")}
      </Text>
      <Group>
        <Destroy
          action={t("Delete the project {{name}}", { name: project.Name })}
          name={project.Name}
          effect={t(
            "Its process, variables, channels, releases and the record of its deployments are deleted with it. What is deployed stays on the machines.",
          )}
          onConfirm={drop}
          why={may === false ? t("You need the permission ProjectDelete.") : undefined}
        />
      </Group>
    </SettingsCard>
  );
}
