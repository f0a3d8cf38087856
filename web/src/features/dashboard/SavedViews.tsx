import { ActionIcon, Button, Group, Menu, Stack, Text, TextInput } from "@mantine/core";
import { useClipboard, useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconCheck, IconDeviceFloppy, IconLink, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { viewsReading } from "./reading";
import { asText, type DashboardSearch, fromText } from "./search";

type Views = Schema["DashboardViews"];

/** The viewer's named views of this space: go to one, keep this one, copy its link for others. */
export default function SavedViews({ spaceId, search }: { spaceId: string; search: DashboardSearch }) {
  const kept = useQuery(viewsReading(spaceId)).data;
  const navigate = useNavigate();
  const clipboard = useClipboard({ timeout: 2000 });
  const saving = useSaving();
  const [opened, { open, close }] = useDisclosure(false);
  const now = asText(search);
  const views = kept?.Views ?? [];
  const current = views.find((view) => view.Search === now);
  const save = (changed: Views["Views"], done: string) =>
    saving.run(async () => {
      await put("/api/{spaceId}/gurita/dashboard-views", {
        path: { spaceId },
        body: { Version: kept?.Version ?? 0, Views: changed },
      });
      stale("other");
    }, done);
  return (
    <>
      <Menu position="bottom-end" width="17rem" withinPortal>
        <Menu.Target>
          <Button variant="default" fw={500} leftSection={<IconBookmark size="1rem" aria-hidden />}>
            {current?.Name ?? t("Views")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && (
            <Text fz="sm" c="dimmed" px="sm" py="xs">
              {t("Filter the dashboard, then keep what you see under a name.")}
            </Text>
          )}
          {views.map((view) => (
            <Menu.Item
              key={view.Name}
              leftSection={view === current ? <IconCheck size="1rem" aria-hidden /> : <span />}
              onClick={() => void navigate({ to: ".", search: fromText(view.Search) })}
            >
              {view.Name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceFloppy size="1rem" aria-hidden />} onClick={open}>
            {t("Save or remove views…")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLink size="1rem" aria-hidden />}
            closeMenuOnClick={false}
            onClick={() => clipboard.copy(window.location.href)}
          >
            {clipboard.copied ? t("Copied") : t("Copy the link of this view")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={opened} onClose={close} title={t("Views")}>
        <Stack>
          <Refused error={saving.error} />
          <NewView
            busy={saving.busy}
            onSave={async (name) => {
              const others = views.filter((view) => view.Name.toLowerCase() !== name.toLowerCase());
              if (await save([...others, { Name: name, Search: now }], t("The view is kept."))) close();
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
    </>
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
