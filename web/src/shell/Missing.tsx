import { Anchor, Stack, Text, Title } from "@mantine/core";
import { base } from "../api/place";
import { t } from "../text";

/** The page for an address that leads nowhere. */
export function Missing() {
  return (
    <Stack p="xl" align="flex-start" gap="sm">
      <Title order={1}>{t("There is no such page")}</Title>
      <Text>{t("It may have been deleted, or be in a space you may not enter.")}</Text>
      <Anchor href={`${base}/app`}>{t("Go to the dashboard")}</Anchor>
    </Stack>
  );
}
