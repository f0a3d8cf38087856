import { Text, Tooltip } from "@mantine/core";
import { useFreshness } from "../api/live";
import { useNow } from "../parts/clock";
import { duration, t } from "../text";
import classes from "./Freshness.module.css";

const WORDS = {
  live: "Live",
  asking: "Every 10 s",
  reconnecting: "Reconnecting",
  offline: "Offline",
} as const;

/** Whether what is shown is what is so: live, or since when it may be stale. */
export function Freshness() {
  const { freshness, since } = useFreshness();
  const now = useNow();
  const age = duration(Math.max(0, now - since));
  const old = t("What you see may be {{age}} old", { age });
  const label = {
    live: t("Changes are shown as they happen"),
    asking: t("Something on the way holds the server's events back, so the page asks every ten seconds"),
    reconnecting: old,
    offline: old,
  }[freshness];
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
        <span className={classes.word}>{t(WORDS[freshness])}</span>
      </Text>
    </Tooltip>
  );
}
