import { Alert, Button, Group } from "@mantine/core";
import { IconClockExclamation, IconRefresh } from "@tabler/icons-react";
import { duration, t } from "../text";

interface Props {
  /** The server has newer pages. */
  newer: boolean;
  /** How far the server's clock is ahead of this machine's, in milliseconds; 0 for not worth a word. */
  skew: number;
  onLater: () => void;
}

/** The banners themselves; they come only when there is something to say. */
export default function BannerTexts({ newer, skew, onLater }: Props) {
  return (
    <>
      {newer && <Newer onLater={onLater} />}
      {skew !== 0 && (
        <Alert color="yellow" icon={<IconClockExclamation aria-hidden />} m="md" role="status">
          {skew > 0
            ? t(
                "This machine's clock is {{span}} behind the server's; times shown as “ago” are off by that.",
                { span: duration(skew) },
              )
            : t(
                "This machine's clock is {{span}} ahead of the server's; times shown as “ago” are off by that.",
                { span: duration(-skew) },
              )}
        </Alert>
      )}
    </>
  );
}

function Newer({ onLater }: { onLater: () => void }) {
  return (
    <Alert color="blue" icon={<IconRefresh aria-hidden />} m="md" role="status">
      <Group justify="space-between" gap="sm">
        {t(
          "The server has newer pages than these. Load them when it suits you; what you typed stays until then.",
        )}
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onLater}>
            {t("Later")}
          </Button>
          <Button size="xs" onClick={() => window.location.reload()}>
            {t("Load the new pages")}
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
