import { useNow } from "../../parts/clock";
import { StateMark } from "../../parts/StateMark";
import { t } from "../../text";
import { expiryOf } from "./expiry";

const HOUR = 3_600_000;

/** How a certificate stands now: its state, and the days that are left. */
export function ExpiryMark({
  certificate,
}: {
  certificate: { NotBefore: string | null; NotAfter: string | null };
}) {
  const { state, word, days } = expiryOf(certificate, useNow(HOUR));
  const left =
    Number.isNaN(days) || days < 0
      ? ""
      : t("{{count}} days left", { count: days, one: "{{count}} day left" });
  return <StateMark state={state} word={left ? `${t(word)}, ${left}` : word} />;
}
