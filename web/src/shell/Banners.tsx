import { Alert, Button, Group } from "@mantine/core";
import { IconClockExclamation, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useFreshness } from "../api/live";
import { duration, t } from "../text";
import { useSkew } from "./skew";
import { useNewerBuild } from "./version";

const NOTICED = 60_000;

/** What everybody must know above every page: the line is cut, the pages are of yesterday, a clock is wrong. */
export function Banners() {
  const { freshness } = useFreshness();
  const newer = useNewerBuild();
  const skew = useSkew();
  const [later, setLater] = useState(false);
  return (
    <>
      {freshness === "offline" && (
        <Alert color="yellow" icon={<IconPlugConnectedX aria-hidden />} m="md" role="status">
          {t("You are offline. What you see is from before; it goes on by itself when the line is back.")}
        </Alert>
      )}
      {newer && !later && (
        <Alert color="blue" icon={<IconRefresh aria-hidden />} m="md" role="status">
          <Group justify="space-between" gap="sm">
            {t(
              "The server has newer pages than these. Load them when it suits you; what you typed stays until then.",
            )}
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => setLater(true)}>
                {t("Later")}
              </Button>
              <Button size="xs" onClick={() => window.location.reload()}>
                {t("Load the new pages")}
              </Button>
            </Group>
          </Group>
        </Alert>
      )}
      {Math.abs(skew) > NOTICED && (
        <Alert color="yellow" icon={<IconClockExclamation aria-hidden />} m="md" role="status">
          {skew > 0
            ? t(
                "This machine's clock is {{span}} behind the server's; times shown as “ago” are off by that.",
                {
                  span: duration(skew),
                },
              )
            : t(
                "This machine's clock is {{span}} ahead of the server's; times shown as “ago” are off by that.",
                {
                  span: duration(-skew),
                },
              )}
        </Alert>
      )}
    </>
  );
}
