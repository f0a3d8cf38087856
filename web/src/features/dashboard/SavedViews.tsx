import { Button, Menu, Text } from "@mantine/core";
import { useClipboard, useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconCheck, IconDeviceFloppy, IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";
import { later } from "../../parts/later";
import { t } from "../../text";
import { viewsReading } from "./reading";
import { asText, type DashboardSearch, fromText } from "./search";

const ViewsDialog = later(() => import("./ViewsDialog"));

/** The viewer's named views of this space: go to one, keep this one, copy its link for others. */
export default function SavedViews({ spaceId, search }: { spaceId: string; search: DashboardSearch }) {
  const kept = useQuery(viewsReading(spaceId)).data;
  const navigate = useNavigate();
  const clipboard = useClipboard({ timeout: 2000 });
  const [opened, { open, close }] = useDisclosure(false);
  const now = asText(search);
  const views = kept?.Views ?? [];
  const current = views.find((view) => view.Search === now);
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
      {opened && (
        <Suspense fallback={null}>
          <ViewsDialog spaceId={spaceId} kept={kept} now={now} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
