import { Text, Tooltip } from "@mantine/core";
import { useFreshness } from "../api/live";
import { useNow } from "../parts/clock";
import { duration, t } from "../text";
import classes from "./Freshness.module.css";

const WORDS = { live: "Live", reconnecting: "Reconnecting", offline: "Offline" } as const;

/** Whether what is shown is what is so: live, or since when it may be stale. */
export function Freshness() {
  const { freshness, since } = useFreshness();
  const now = useNow();
  const age = duration(Math.max(0, now - since));
  const label =
    freshness === "live"
      ? t("Changes are shown as they happen")
      : t("What you see may be {{age}} old", { age });
  return (
    <Tooltip label={label}>
      <Text
        component="span"
        fz="xs"
        c="dimmed"
        className={classes.sign}
        data-freshness={freshness}
        role="status"
      >
        <span className={classes.dot} aria-hidden />
        {t(WORDS[freshness])}
      </Text>
    </Tooltip>
  );
}
