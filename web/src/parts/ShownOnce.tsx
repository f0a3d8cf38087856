import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import { t } from "../text";

/** Something secret that is shown this once and never again, with a button that copies it. */
export function ShownOnce({ title, value, about }: { title: string; value: string; about: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <Alert
      role="status"
      icon={<IconKey aria-hidden />}
      title={title}
      styles={{ message: { color: "var(--mantine-color-text)" } }}
    >
      <Stack gap="xs">
        <Text fz="sm">{about}</Text>
        <Group gap="xs" wrap="wrap">
          <Code data-once fz="sm">
            {value}
          </Code>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={
              clipboard.copied ? <IconCheck size="1rem" aria-hidden /> : <IconCopy size="1rem" aria-hidden />
            }
            onClick={() => clipboard.copy(value)}
          >
            {clipboard.copied ? t("Copied") : t("Copy")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
