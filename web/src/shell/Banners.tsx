import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useFreshness } from "../api/live";
import { t } from "../text";

/** What everybody must know above every page: the line is cut. */
export function Banners() {
  const { freshness } = useFreshness();
  if (freshness !== "offline") return null;
  return (
    <Alert color="yellow" icon={<IconPlugConnectedX aria-hidden />} m="md" role="status">
      {t("You are offline. What you see is from before; it goes on by itself when the line is back.")}
    </Alert>
  );
}
