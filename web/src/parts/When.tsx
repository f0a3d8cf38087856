import { Tooltip } from "@mantine/core";
import { ago, type Message, moment, momentUtc, t } from "../text";
import { useNow } from "./clock";

const MINUTE = 60_000;

/** A moment in relative words, with the exact time in the viewer's zone and in UTC on hover and focus. */
export function When({ at, none = "" }: { at: string | null | undefined; none?: Message }) {
  const age = at ? Math.abs(Date.now() - new Date(at).getTime()) : 0;
  const now = useNow(age < 2 * MINUTE ? 1000 : MINUTE);
  if (!at) return <>{t(none)}</>;
  return (
    <Tooltip label={`${moment(at)} · ${momentUtc(at)}`} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time must be reachable by keyboard */}
      <time dateTime={at} tabIndex={0}>
        {ago(at, Math.max(now, Date.now() - 1000))}
      </time>
    </Tooltip>
  );
}
