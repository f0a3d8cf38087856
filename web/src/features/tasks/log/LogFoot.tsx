import { useNow } from "../../../parts/clock";
import { duration, t, number as written } from "../../../text";
import type { LiveRows, TaskFeed } from "./feed";
import classes from "./log.module.css";

/** Silence for so long is told, in milliseconds. */
const SILENT = 5000;

interface Props {
  feed: TaskFeed;
  running: boolean;
  shown: number;
  part: LiveRows | undefined;
}

/** What is known of the log as a whole: how long it is, whether it is live, and when something was heard last. */
export function LogFoot({ feed, running, shown, part }: Props) {
  const { total } = feed.store;
  return (
    <div className={classes.foot}>
      <span>
        {part
          ? t("{{shown}} of {{total}} lines", { shown: written(shown), total: written(total) })
          : t("{{total}} lines", { total: written(total), count: total, one: "1 line" })}
      </span>
      {part && !part.whole && <span>{t("More are being looked for as you scroll")}</span>}
      {running && <Live feed={feed} />}
    </div>
  );
}

function Live({ feed }: { feed: TaskFeed }) {
  const now = useNow();
  const last = feed.store.get(feed.store.total - 1);
  const heard = Math.max(feed.heardAt, last ? new Date(last.OccurredAt).getTime() : 0);
  if (feed.live === false)
    return (
      <span data-live="reconnecting">
        {t("Reconnecting to the server. The log goes on where it stopped.")}
      </span>
    );
  const silent = heard > 0 ? now - heard : 0;
  if (silent < SILENT) return <span data-live="live">{t("Live")}</span>;
  return (
    <span data-live="silent">{t("Still running, last heard {{age}} ago", { age: duration(silent) })}</span>
  );
}
