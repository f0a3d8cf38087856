import { Skeleton, Stack } from "@mantine/core";
import { t } from "../text";

const ROWS = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** A page that is on its way; keeps roughly the room it will take. */
export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <Stack p="xl" gap="sm" role="status" aria-busy="true">
      <span className="visually-hidden">{t("Loading")}</span>
      <Skeleton h="2rem" w="14rem" />
      {ROWS.slice(0, rows).map((row) => (
        <Skeleton key={row} h="1.25rem" />
      ))}
    </Stack>
  );
}
