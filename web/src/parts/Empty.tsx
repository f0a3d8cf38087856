import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** What stands where nothing is yet: what belongs here, why, and the button to begin. */
export function Empty({ title, why, children }: { title: string; why: string; children?: ReactNode }) {
  return (
    <Stack align="center" py="xl" gap="xs" ta="center">
      <ThemeIcon variant="light" size="xl" radius="xl" aria-hidden>
        <IconInbox />
      </ThemeIcon>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed" maw="34rem">
        {why}
      </Text>
      {children}
    </Stack>
  );
}
