import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { t } from "../../text";
import classes from "./StepCard.module.css";

interface Props {
  number: number;
  title: string;
  why: string;
  done: boolean;
  current: boolean;
  /** What was done, in a line. */
  summary?: ReactNode;
  children: ReactNode;
}

/** One step of the guide: open while it is the next one, a line when it is done or still to come. */
export function StepCard({ number, title, why, done, current, summary, children }: Props) {
  return (
    <Paper
      component="li"
      withBorder
      p="md"
      className={classes.card}
      data-done={done || undefined}
      aria-current={current ? "step" : undefined}
    >
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <span className={classes.mark}>
          {done ? <IconCircleCheck aria-hidden /> : <IconCircleDashed aria-hidden />}
          <span className="visually-hidden">{done ? t("Done") : current ? t("Next") : t("Later")}</span>
        </span>
        <Stack gap="xs" flex={1} miw={0}>
          <Title order={2} size="h4">
            {number}. {title}
          </Title>
          {done ? <Text c="dimmed">{summary}</Text> : <Text c="dimmed">{why}</Text>}
          {current && children}
        </Stack>
      </Group>
    </Paper>
  );
}
