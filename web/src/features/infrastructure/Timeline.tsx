import { Group, Stack, Text } from "@mantine/core";
import { reading, useQuery } from "../../api/queries";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import type { State } from "../../parts/states";
import { When } from "../../parts/When";
import { t } from "../../text";

const MARKS: Record<string, readonly [State, string]> = {
  MachineHealthy: ["success", "Healthy"],
  MachineHasWarnings: ["warning", "Has warnings"],
  MachineUnhealthy: ["failed", "Unhealthy"],
  MachineUnavailable: ["failed", "Unavailable"],
  MachineDisabled: ["canceled", "Disabled"],
  MachineEnabled: ["success", "Enabled"],
  MachineAdded: ["queued", "Added"],
};

/** When a machine's health changed, from the audit trail: the newest first. */
export function Timeline({ spaceId, id }: { spaceId: string; id: string }) {
  const page = useQuery(
    reading(["machine", "other"], "/api/{spaceId}/events", {
      path: { spaceId },
      query: { regarding: id, eventCategories: Object.keys(MARKS).join(","), take: 20 },
    }),
  ).data;
  if (!page || page.Items.length === 0) return null;
  return (
    <Section title={t("Health over time")} about={t("Every change the audit trail knows.")}>
      <Stack gap="xs" component="ol" m={0} p={0} style={{ listStyle: "none" }}>
        {page.Items.map((event) => {
          const [state, word] = MARKS[event.Category] ?? ["queued", event.Category];
          return (
            <Group key={event.Id} component="li" gap="sm" align="baseline">
              <StateMark state={state} word={word} />
              <Text fz="sm" c="dimmed">
                <When at={event.Occurred} />
              </Text>
              <Text fz="sm" flex="1 1 16rem">
                {event.Message}
              </Text>
            </Group>
          );
        })}
      </Stack>
    </Section>
  );
}
