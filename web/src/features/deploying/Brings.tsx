import { Text } from "@mantine/core";
import type { Schema } from "../../api/types";
import { t } from "../../text";
import { listed } from "./wording";

/** In a line, what a deployment brings since the one that is there: releases, commits and work items. */
export function Brings({
  changes,
  version,
}: {
  changes: readonly Schema["ReleaseChanges"][];
  version: string;
}) {
  const others = changes.map((each) => each.Version).filter((each) => each !== version);
  const commits = changes.reduce((sum, each) => sum + each.Commits.length, 0);
  const items = changes.reduce((sum, each) => sum + each.WorkItems.length, 0);
  const parts = [
    others.length > 0 && t("everything of {{versions}}", { versions: listed(others.slice(0, 5)) }),
    commits > 0 && t("{{count}} commits", { count: commits, one: "{{count}} commit" }),
    items > 0 && t("{{count}} work items", { count: items, one: "{{count}} work item" }),
  ].filter((part): part is string => Boolean(part));
  if (parts.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {t("Brings {{parts}} that is not there yet.", { parts: listed(parts) })}
    </Text>
  );
}
