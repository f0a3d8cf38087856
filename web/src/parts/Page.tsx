import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { t } from "../text";
import { favicon } from "./favicon";
import type { State } from "./states";

export interface Crumb {
  text: string;
  /** The address below `/app`, as `useHref` or a `to` of the router gives it. */
  to: string;
}

interface Props {
  title: string;
  /** What the browser's tab says of the state of the thing shown, if it has one. */
  state?: State;
  crumbs?: readonly Crumb[];
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Takes the whole width, for matrices and grids. */
  wide?: boolean;
}

const MARKS: Partial<Record<State, string>> = { running: "▸", failed: "✗", waiting: "?", success: "✓" };

/** A page: where one is, its heading, what can be done here. Sets the browser's title and icon. */
export function Page({ title, state, crumbs = [], about, actions, children, wide }: Props) {
  useEffect(() => {
    const mark = state ? MARKS[state] : undefined;
    document.title = `${mark ? `${mark} ` : ""}${title} · Gurita`;
    favicon(state);
    return () => favicon(undefined);
  }, [title, state]);
  return (
    <Stack gap="md" p="md" maw={wide ? undefined : "80rem"} data-page={title}>
      <Stack gap={4}>
        {crumbs.length > 0 && (
          <nav aria-label={t("Where you are")}>
            <Breadcrumbs separatorMargin={6} fz="sm" style={{ rowGap: "0.7rem" }}>
              {crumbs.map((crumb) => (
                <Anchor key={crumb.to} component={Link} to={crumb.to} fz="sm">
                  {crumb.text}
                </Anchor>
              ))}
            </Breadcrumbs>
          </nav>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <div className="page-head">
            <Title order={1} size="h2" tabIndex={-1} id="page-title">
              {title}
            </Title>
            {about && (
              <Text component="div" c="dimmed">
                {about}
              </Text>
            )}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </Stack>
      {children}
    </Stack>
  );
}
