import { Button, Group, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { get, post, put } from "../../api/client";
import { stale } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { SAMPLE_SCRIPT, sampleSteps } from "./progress";

/** Makes a project whose process has one step: a script on the machines with a tag. */
export function ProjectStep({ spaceId, roles }: { spaceId: string; roles: readonly string[] }) {
  const [name, setName] = useState("Hello Gurita");
  const [role, setRole] = useState(roles[0] ?? "");
  const [script, setScript] = useState(SAMPLE_SCRIPT);
  const saving = useSaving(["Name"]);
  const make = () => saving.run(() => makeProject(spaceId, name, script, role));
  return (
    <>
      <Refused sentences={saving.others} />
      <TextInput
        label={t("Project")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={saving.errorOf("Name")}
      />
      <Select
        label={t("Runs on machines with the target tag")}
        data={[...new Set(roles)]}
        value={role}
        onChange={(value) => setRole(value ?? "")}
        allowDeselect={false}
      />
      <Textarea
        label={t("Script")}
        description={t("Variables stand between #{ and }; they are filled in before the script runs.")}
        autosize
        minRows={3}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={script}
        onChange={(event) => setScript(event.currentTarget.value)}
      />
      <Group>
        <Button onClick={() => void make()} loading={saving.busy} disabled={!name || !role}>
          {t("Make the project {{name}}", { name })}
        </Button>
      </Group>
    </>
  );
}

async function makeProject(spaceId: string, Name: string, script: string, role: string): Promise<void> {
  const path = { spaceId };
  const [groups, lifecycles] = await Promise.all([
    get("/api/{spaceId}/projectgroups", { path, query: { take: 1 } }),
    get("/api/{spaceId}/lifecycles", { path, query: { take: 1 } }),
  ]);
  const body = {
    Name,
    ProjectGroupId: groups.Items[0]?.Id ?? "",
    LifecycleId: lifecycles.Items[0]?.Id ?? "",
  };
  const project = await post("/api/{spaceId}/projects", { path, body });
  const process = await get("/api/{spaceId}/projects/{id}/deploymentprocesses", {
    path: { spaceId, id: project.Id },
  });
  const Steps = sampleSteps(script, role) as unknown as typeof process.Steps;
  await put("/api/{spaceId}/projects/{id}/deploymentprocesses", {
    path: { spaceId, id: project.Id },
    body: { ...process, Steps },
  });
  stale("project");
}
