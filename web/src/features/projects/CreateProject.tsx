import { Select, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { post } from "../../api/client";
import { stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Form } from "../../parts/Form";
import { FormEnd } from "../../parts/FormEnd";
import { useSaving } from "../../parts/saving";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { groupsReading, lifecyclesReading } from "./reading";
import { projectAddress } from "./shared";

const FIELDS = ["Name", "ProjectGroupId", "LifecycleId", "Description", "Slug"] as const;
const PATH = "/api/{spaceId}/projects";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** The project whose settings, process, variables and channels the new one gets. */
  source?: Schema["ProjectSummary"] | undefined;
}

/** The dialog that makes a project, or one like another. */
export function CreateProject({ opened, onClose, source }: Props) {
  const title = source ? t("Clone {{name}}", { name: source.Name }) : t("Create a project");
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <ProjectForm key={source?.Id ?? ""} source={source} onClose={onClose} action={title} />
    </Dialog>
  );
}

function ProjectForm({
  source,
  onClose,
  action,
}: {
  source: Props["source"];
  onClose: () => void;
  action: string;
}) {
  const spaceId = useSpaceId();
  const navigate = useNavigate();
  const groups = useQuery(groupsReading(spaceId)).data ?? [];
  const lifecycles = useQuery(lifecyclesReading(spaceId)).data ?? [];
  const [Name, setName] = useState("");
  const [Description, setDescription] = useState("");
  const [group, setGroup] = useState<string | null>(source?.ProjectGroupId ?? null);
  const [lifecycle, setLifecycle] = useState<string | null>(null);
  const saving = useSaving(FIELDS);
  useEffect(() => {
    setGroup((before) => before ?? groups[0]?.Id ?? null);
    setLifecycle((before) => before ?? lifecycles[0]?.Id ?? null);
  }, [groups, lifecycles]);
  const body = { Name, Description, ProjectGroupId: group ?? "", LifecycleId: lifecycle ?? "" };
  const query = source ? { clone: source.Id } : {};
  const submit = async () => {
    await saving.run(
      async () => {
        const made = (await post(PATH, { path: { spaceId }, query, body })) as Schema["Project"];
        stale("project");
        await navigate({ to: projectAddress(spaceId, made) });
      },
      t("{{name}} was created.", { name: Name }),
    );
  };
  return (
    <Form saving={saving} onSend={submit}>
      <TextInput
        label={t("Name")}
        value={Name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={saving.errorOf("Name") ?? saving.errorOf("Slug")}
        required
        withAsterisk={false}
        data-autofocus
      />
      <Select
        label={t("Project group")}
        data={groups.map((each) => ({ value: each.Id, label: each.Name }))}
        value={group}
        onChange={setGroup}
        error={saving.errorOf("ProjectGroupId")}
        allowDeselect={false}
        searchable={groups.length > 8}
      />
      <Select
        label={t("Lifecycle")}
        description={t("Says through which environments releases go, and in which order.")}
        data={lifecycles.map((each) => ({ value: each.Id, label: each.Name }))}
        value={lifecycle}
        onChange={setLifecycle}
        error={saving.errorOf("LifecycleId")}
        allowDeselect={false}
        searchable={lifecycles.length > 8}
      />
      <Textarea
        label={t("Description")}
        description={t("Markdown. Its first line stands in lists.")}
        autosize
        minRows={2}
        maxRows={8}
        value={Description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        error={saving.errorOf("Description")}
      />
      <FormEnd
        action={action}
        busy={saving.busy}
        request={() => ({ method: "POST", template: PATH, path: { spaceId }, query, body })}
        onCancel={onClose}
      />
    </Form>
  );
}
