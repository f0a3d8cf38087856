import { Button, Group, Pill, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Schema } from "../../api/types";
import { t } from "../../text";

interface Props {
  groups: readonly Schema["ExternalGroup"][];
  onChange: (groups: Schema["ExternalGroup"][]) => void;
  error?: string | undefined;
  readOnly: boolean;
}

/** Groups of identity providers whose people belong to the team, by what the provider calls them. */
export function ExternalGroups({ groups, onChange, error, readOnly }: Props) {
  const [id, setId] = useState("");
  const add = () => {
    const wanted = id.trim();
    if (!wanted) return;
    if (!groups.some((one) => one.Id === wanted))
      onChange([...groups, { Id: wanted, DisplayName: wanted, DisplayIdAndName: false }]);
    setId("");
  };
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t("Groups of identity providers")}
          description={t("As the provider calls them, after the prefix that is set for it.")}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !id.trim()) return;
            event.preventDefault();
            add();
          }}
          error={error}
          readOnly={readOnly}
        />
        {!readOnly && (
          <Button variant="default" onClick={add}>
            {t("Add the group")}
          </Button>
        )}
      </Group>
      {groups.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {t("No group.")}
        </Text>
      ) : (
        <Group gap={6}>
          {groups.map((one) => (
            <Pill
              key={one.Id}
              size="md"
              withRemoveButton={!readOnly}
              onRemove={() => onChange(groups.filter((each) => each !== one))}
              removeButtonProps={{
                "aria-label": t("Remove the group {{name}}", { name: one.Id }),
                tabIndex: 0,
                "aria-hidden": false,
              }}
            >
              {one.DisplayName && one.DisplayName !== one.Id ? `${one.DisplayName} (${one.Id})` : one.Id}
            </Pill>
          ))}
        </Group>
      )}
    </Stack>
  );
}
