import { Card, Center, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { base } from "../../api/place";

/** The frame of pages for whoever is not signed in. */
export function SignInCard({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Gurita`;
  }, [title]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Card withBorder padding="xl" w="100%" maw="25rem" bg="var(--surface)">
        <Stack>
          <Stack align="center" gap="xs">
            <img src={`${base}/app/icon.svg`} alt="" width="56" height="56" />
            <Title order={1} size="h3" ta="center">
              {title}
            </Title>
          </Stack>
          {children}
        </Stack>
      </Card>
    </Center>
  );
}
