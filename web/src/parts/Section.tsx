import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./Section.module.css";

interface Props {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  order?: 2 | 3;
}

/** A part of a page with a heading of its own, on a card. */
export function Section({ title, about, actions, children, order = 2 }: Props) {
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={order} size="h4" id={id}>
              {title}
            </Title>
            {about && (
              <Text component="div" c="dimmed" fz="sm" maw="46rem">
                {about}
              </Text>
            )}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {children}
      </Stack>
    </section>
  );
}
