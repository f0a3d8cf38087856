import { ActionIcon, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconApi, IconCheck, IconCopy, IconTerminal2 } from "@tabler/icons-react";
import { t } from "../text";
import { asCurl, type Repeatable } from "./copying";

/** Copies what a form is about to do as an API call, and as a command where there is one. */
export function CopyAs({ request }: { request: () => Repeatable }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const { command } = request();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size="input-sm" aria-label={t("Copy as API call or command")}>
          {clipboard.copied ? (
            <IconCheck size="1.1rem" aria-hidden />
          ) : (
            <IconCopy size="1.1rem" aria-hidden />
          )}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconApi size="1rem" aria-hidden />}
          onClick={() => clipboard.copy(asCurl(request(), window.location.origin))}
        >
          {t("Copy as API call")}
        </Menu.Item>
        {command && (
          <Menu.Item
            leftSection={<IconTerminal2 size="1rem" aria-hidden />}
            onClick={() => clipboard.copy(request().command ?? "")}
          >
            {t("Copy as command")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
