import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";

type Views = Schema["DashboardViews"];

interface Props {
  spaceId: string;
  kept: Views | undefined;
  /** What is shown now, as a view keeps it. */
  now: string;
  onClose: () => void;
}

/** Keeps what is shown under a name, and removes views. */
export default function ViewsDialog({ spaceId, kept, now, onClose }: Props) {
  const saving = useSaving();
  const views = kept?.Views ?? [];
  const save = (changed: Views["Views"], done: string) =>
    saving.run(async () => {
      await put("/api/{spaceId}/gurita/dashboard-views", {
        path: { spaceId },
        body: { Version: kept?.Version ?? 0, Views: changed },
      });
      stale("other");
    }, done);
  return (
    <Dialog opened onClose={onClose} title={t("Views")}>
      <Stack>
        <Refused error={saving.error} />
        <NewView
          busy={saving.busy}
          onSave={async (name) => {
            const others = views.filter((view) => view.Name.toLowerCase() !== name.toLowerCase());
            if (await save([...others, { Name: name, Search: now }], t("The view is kept."))) onClose();
          }}
        />
        {views.map((view) => (
          <Group key={view.Name} justify="space-between" wrap="nowrap">
            <Text fz="sm" truncate>
              {view.Name}
            </Text>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t("Remove the view {{name}}", { name: view.Name })}
              onClick={() =>
                void save(
                  views.filter((each) => each !== view),
                  t("The view is removed."),
                )
              }
            >
              <IconTrash size="1rem" aria-hidden />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
    </Dialog>
  );
}

function NewView({ busy, onSave }: { busy: boolean; onSave: (name: string) => Promise<void> }) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave(name.trim());
  };
  return (
    <Group component="form" onSubmit={submit} align="flex-end" wrap="nowrap">
      <TextInput
        flex={1}
        label={t("Keep what is shown now as")}
        description={t("A name you have already is replaced.")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        withAsterisk={false}
        maxLength={60}
        data-autofocus
      />
      <Button type="submit" loading={busy}>
        {t("Save")}
      </Button>
    </Group>
  );
}
