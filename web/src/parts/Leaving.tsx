import { Button, Group, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { t } from "../text";
import { Dialog } from "./Dialog";

/** What of an address says which part of a page is shown; the rest are filters, which change nothing of a form. */
const PARTS = ["tab", "view", "edit", "kind"];

interface Place {
  pathname: string;
  search: unknown;
}

function elsewhere(current: Place, next: Place): boolean {
  const part = (place: Place, name: string) => (place.search as Record<string, unknown>)[name];
  return current.pathname !== next.pathname || PARTS.some((name) => part(current, name) !== part(next, name));
}

interface Props {
  /** Whether something would be lost now. */
  when: boolean;
  title: string;
  about: string;
  /** The words of the button that leaves all the same. */
  action: string;
}

/** Asks whoever is about to leave, by a link, the browser's buttons or by closing it, while something would be lost. */
export function Leaving({ when, title, about, action }: Props) {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => when && elsewhere(current, next),
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  if (leaving.status !== "blocked") return null;
  return (
    <Dialog opened onClose={leaving.reset} title={title}>
      <Stack>
        <Text>{about}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={leaving.reset} data-autofocus>
            {t("Stay")}
          </Button>
          <Button color="red" onClick={leaving.proceed}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
