import {
  Anchor,
  Button,
  Code,
  CopyButton,
  Group,
  Loader,
  MultiSelect,
  Stack,
  TagsInput,
  Text,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { base } from "../../api/place";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { invitationCommand } from "../infrastructure/shared";

interface Props {
  spaceId: string;
  environments: readonly Schema["Environment"][];
}

/** Makes the one command that adds a machine, and waits for it; the step is done when the machine is there. */
export function MachineStep({ spaceId, environments }: Props) {
  const [roles, setRoles] = useState<string[]>(["web"]);
  const [ids, setIds] = useState<string[]>(environments.map((each) => each.Id));
  const [command, setCommand] = useState("");
  const saving = useSaving();
  const make = () =>
    saving.run(async () => {
      const body = { Roles: roles, EnvironmentIds: ids };
      const made = await post("/api/{spaceId}/gurita/registration-tokens", { path: { spaceId }, body });
      const server = window.location.origin + base;
      setCommand(
        invitationCommand({ server, token: made.Token, space: made.SpaceId, way: "agent", pools: [] }),
      );
    });
  return (
    <>
      <Refused sentences={saving.others} />
      <MultiSelect
        label={t("Environments it belongs to")}
        data={environments.map((each) => ({ value: each.Id, label: each.Name }))}
        value={ids}
        onChange={setIds}
      />
      <TagsInput
        label={t("Target tags: what it is for")}
        description={t("A step of a process asks for machines by these.")}
        value={roles}
        onChange={setRoles}
      />
      <Group>
        <Button
          onClick={() => void make()}
          loading={saving.busy}
          disabled={ids.length === 0 || roles.length === 0}
          variant={command ? "default" : "filled"}
        >
          {command ? t("Make another command") : t("Make the command that adds a machine")}
        </Button>
        <Anchor component={Link} to={`/${spaceId}/infrastructure/machines/add`}>
          {t("Other ways: over SSH, listening, by WebSocket")}
        </Anchor>
      </Group>
      {command && <Waiting command={command} />}
    </>
  );
}

function Waiting({ command }: { command: string }) {
  return (
    <Stack gap="xs">
      <Text>{t("Paste this on the machine; this very one will do. It works once, for an hour.")}</Text>
      <Group wrap="nowrap" align="flex-start">
        <Code
          block
          flex={1}
          tabIndex={0}
          aria-label={t("Command")}
          style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
        >
          {command}
        </Code>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t("Copied") : t("Copy")}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Group gap="xs" role="status">
        <Loader size="xs" aria-hidden />
        <Text c="dimmed">{t("Waiting for it… It appears here as soon as it has registered.")}</Text>
      </Group>
    </Stack>
  );
}
