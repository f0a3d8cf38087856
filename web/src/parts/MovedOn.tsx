import { Alert, Button, Group, Stack } from "@mantine/core";
import { t } from "../text";
import type { Moved } from "./draft";

const words = (name: string) => name.replace(/([a-z])(?=[A-Z])/g, "$1 ").toLowerCase();

/** Says that somebody else has saved what a form changes, what both have changed, and asks how to go on. */
export function MovedOn({ moved }: { moved: Moved }) {
  return (
    <Alert
      role="alert"
      color="yellow"
      title={t("Somebody else has saved this meanwhile")}
      styles={{
        title: { color: "var(--state-warning)" },
        message: { color: "var(--mantine-color-text)" },
      }}
    >
      <Stack gap="xs">
        {moved.both.length === 0
          ? t("They changed nothing that you changed.")
          : t("You both changed: {{names}}.", { names: moved.both.map(words).join(", ") })}
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={moved.keep}>
            {t("Put my changes on top of theirs")}
          </Button>
          <Button size="compact-sm" variant="default" onClick={moved.take}>
            {t("Take theirs")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
