import { ActionIcon, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { t } from "../text";
import { Refused } from "./Refused";
import type { Saving } from "./saving";
import { WhyButton } from "./WhyButton";

interface Props {
  names: readonly string[];
  saving: Saving;
  /** What becomes of a name that is there already. */
  description: string;
  /** Why what is shown now cannot be kept. */
  why?: string | undefined;
  /** The button that removes a name, in words. */
  removing: (name: string) => string;
  onKeep: (name: string) => Promise<void>;
  /** Nothing, for who may not remove. */
  onRemove: ((name: string) => void) | undefined;
}

/** What people gave names to: keep what is shown now as one more, or remove one. */
export function KeptNames({ names, saving, description, why, removing, onKeep, onRemove }: Props) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!why) void onKeep(name.trim());
  };
  return (
    <Stack>
      <Refused error={saving.error} />
      <Group component="form" onSubmit={submit} align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label={t("Keep what is shown now as")}
          description={description}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={60}
          data-autofocus
        />
        <WhyButton type="submit" loading={saving.busy} why={why}>
          {t("Save")}
        </WhyButton>
      </Group>
      {names.map((each) => (
        <Group key={each} justify="space-between" wrap="nowrap">
          <Text fz="sm" truncate title={each}>
            {each}
          </Text>
          {onRemove && (
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={removing(each)}
              onClick={() => onRemove(each)}
            >
              <IconTrash size="1rem" aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
    </Stack>
  );
}
