import { Card, Stack, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** Settings that belong together, under their heading. */
export function SettingsCard({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Card withBorder padding="md" bg="var(--surface)" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}
