import { Anchor, Button, Group, Stack, Title } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { Refusal } from "../api/errors";
import { base } from "../api/place";
import { queries } from "../api/queries";
import { Refused } from "../parts/Refused";
import { type Message, t } from "../text";

const HEADINGS: Record<number, Message> = {
  403: "You may not see this",
  404: "This is not here",
};

/** What stands in place of a page that could not be shown, in the server's own words. */
export function Failed({ error, reset }: { error: unknown; reset?: () => void }) {
  const router = useRouter();
  const status = error instanceof Refusal ? error.status : 0;
  const again = () => {
    void queries.resetQueries();
    reset?.();
    void router.invalidate();
  };
  return (
    <Stack p="xl" align="flex-start" gap="md">
      <Title order={1}>{t(HEADINGS[status] ?? "This page could not be shown")}</Title>
      <Refused error={error} />
      <Group>
        <Button variant="default" onClick={again}>
          {t("Try again")}
        </Button>
        {/* Begins anew: what is known here may be of a space that is gone. */}
        <Anchor href={`${base}/app`}>{t("Go to the dashboard")}</Anchor>
      </Group>
    </Stack>
  );
}
