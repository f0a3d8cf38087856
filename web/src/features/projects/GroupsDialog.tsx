import { ActionIcon, Button, Divider, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { post, put, remove } from "../../api/client";
import { stale, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { groupsReading } from "./reading";

type ProjectGroup = Schema["ProjectGroup"];

/** The dialog in which project groups are made, renamed and deleted. */
export function GroupsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title={t("Project groups")}>
      <Groups />
    </Dialog>
  );
}

function Groups() {
  const spaceId = useSpaceId();
  const groups = useQuery(groupsReading(spaceId)).data ?? [];
  const saving = useSaving(["Name"]);
  const [edited, setEdited] = useState<string>();
  const run = async (work: () => Promise<unknown>, done: string) => {
    const well = await saving.run(work, done);
    stale("project");
    return well;
  };
  const create = (name: string) =>
    run(
      () => post("/api/{spaceId}/projectgroups", { path: { spaceId }, body: { Name: name } }),
      t("{{name}} was created.", { name }),
    );
  const rename = async (group: ProjectGroup, name: string) => {
    const path = { spaceId, id: group.Id };
    const body = { ...group, Name: name };
    if (await run(() => put("/api/{spaceId}/projectgroups/{id}", { path, body }), t("The group is renamed.")))
      setEdited(undefined);
    return false;
  };
  const drop = (group: ProjectGroup) =>
    run(
      () => remove("/api/{spaceId}/projectgroups/{id}", { path: { spaceId, id: group.Id } }),
      t("{{name}} is deleted.", { name: group.Name }),
    );
  return (
    <Stack gap="sm">
      <Refused error={saving.error} />
      {groups.map((group) =>
        edited === group.Id ? (
          <NameForm
            key={group.Id}
            label={t("New name of {{name}}", { name: group.Name })}
            start={group.Name}
            action={t("Rename")}
            busy={saving.busy}
            onName={(name) => rename(group, name)}
          />
        ) : (
          <Group key={group.Id} justify="space-between" wrap="nowrap" gap="xs">
            <Text truncate>{group.Name}</Text>
            <Group gap={4} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("Rename {{name}}", { name: group.Name })}
                onClick={() => setEdited(group.Id)}
              >
                <IconPencil size="1rem" aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t("Delete the empty group {{name}}", { name: group.Name })}
                onClick={() => void drop(group)}
              >
                <IconTrash size="1rem" aria-hidden />
              </ActionIcon>
            </Group>
          </Group>
        ),
      )}
      <Divider />
      <NameForm label={t("New group")} start="" action={t("Add")} busy={saving.busy} onName={create} />
    </Stack>
  );
}

interface NameProps {
  label: string;
  start: string;
  action: string;
  busy: boolean;
  /** Answers whether the form may begin anew. */
  onName: (name: string) => Promise<boolean>;
}

function NameForm({ label, start, action, busy, onName }: NameProps) {
  const [name, setName] = useState(start);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await onName(name)) setName("");
  };
  return (
    <Group component="form" onSubmit={submit} align="flex-end" wrap="nowrap" gap="xs">
      <TextInput
        flex={1}
        label={label}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        withAsterisk={false}
      />
      <Button type="submit" variant="default" loading={busy}>
        {action}
      </Button>
    </Group>
  );
}
