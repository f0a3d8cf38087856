import { Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { reading, useSuspenseQuery } from "../../api/queries";
import { ListTable } from "../../parts/ListTable";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { projectAddress, useProject } from "../projects/shared";
import { ChannelEditor } from "./ChannelEditor";
import { newChannel, ruleWords } from "./model";
import type { ChannelSearch } from "./search";

/** The channels of a project, and the one that is open. */
export function ChannelsPage() {
  const spaceId = useSpaceId();
  const project = useProject();
  const navigate = useNavigate();
  const { channel } = useSearch({ strict: false }) as ChannelSearch;
  const to = projectAddress(spaceId, project, "channels");
  const found = useSuspenseQuery(
    reading("other", "/api/{spaceId}/projects/{project_id}/channels", {
      path: { spaceId, project_id: project.Id },
      query: { take: 1000 },
    }),
  ).data.Items;
  const lifecycles = useSuspenseQuery(
    reading("other", "/api/{spaceId}/lifecycles/all", { path: { spaceId } }),
  ).data;
  const readOnly = useMay("ProjectEdit", spaceId) === false;
  const open = channel === "new" ? newChannel(project.Id) : found.find((each) => each.Id === channel);
  const close = () => void navigate({ to, search: {} });
  const nameOf = (id: string | null) => lifecycles.find((each) => each.Id === id)?.Name ?? id ?? "";
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2} size="h3">
          {t("Channels")}
        </Title>
        {!readOnly && !open && (
          <Button
            renderRoot={(props: object) => <Link to={to} search={{ channel: "new" }} {...props} />}
            leftSection={<IconPlus size="1rem" aria-hidden />}
          >
            {t("Add a channel")}
          </Button>
        )}
      </Group>
      <Text c="dimmed">
        {t("Lines of releases: each may have a lifecycle of its own, and rules on the versions of packages.")}
      </Text>
      {open ? (
        <ChannelEditor key={`${open.Id} ${open.Version}`} {...{ found: open, lifecycles, readOnly, close }} />
      ) : (
        <ListTable
          label={t("Channels")}
          items={found}
          idOf={(each) => each.Id}
          columns={[
            {
              key: "name",
              head: t("Channel"),
              cell: (each) => (
                <>
                  <Anchor
                    renderRoot={(props: object) => <Link to={to} search={{ channel: each.Id }} {...props} />}
                  >
                    {each.Name}
                  </Anchor>
                  {each.IsDefault && (
                    <Text span fz="sm" c="dimmed">
                      {" "}
                      {t("default")}
                    </Text>
                  )}
                </>
              ),
            },
            {
              key: "lifecycle",
              head: t("Lifecycle"),
              cell: (each) =>
                each.LifecycleId
                  ? nameOf(each.LifecycleId)
                  : t("{{name}}, the project's", { name: nameOf(project.LifecycleId) }),
            },
            {
              key: "rules",
              head: t("Version rules"),
              cell: (each) =>
                each.Rules.length === 0 ? (
                  <Text fz="sm" c="dimmed">
                    {t("Any version")}
                  </Text>
                ) : (
                  each.Rules.map((rule) => (
                    <Text key={rule.Id} fz="sm">
                      {ruleWords(rule)}
                    </Text>
                  ))
                ),
            },
          ]}
        />
      )}
    </Stack>
  );
}
