import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { t } from "../../text";

interface Props {
  number: number;
  title: string;
  about?: string | undefined;
  done: boolean;
  current: boolean;
  /** What a step still to come shows is nothing; a done one may be changed. */
  children?: ReactNode;
}

/** One step of the wizard. Steps that are done stay open, so that they can be changed. */
export function Step({ number, title, about, done, current, children }: Props) {
  return (
    <Paper
      component="li"
      withBorder
      p="md"
      bg="var(--surface)"
      {...(current ? { "aria-current": "step" } : {})}
    >
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Text c={done ? "var(--state-success)" : "dimmed"} component="span" lh={1} pt={2}>
          {done ? <IconCircleCheck aria-hidden /> : <IconCircleDashed aria-hidden />}
          <span className="visually-hidden">{done ? t("Done") : current ? t("Now") : t("Later")}</span>
        </Text>
        <Stack gap="sm" flex={1} miw={0}>
          <div>
            <Title order={2} size="h4">
              {t("{{number}}. {{title}}", { number, title })}
            </Title>
            {about && (
              <Text c="dimmed" fz="sm">
                {about}
              </Text>
            )}
          </div>
          {(done || current) && children}
        </Stack>
      </Group>
    </Paper>
  );
}
