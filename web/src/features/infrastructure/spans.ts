/** A span of the API (`d.hh:mm:ss`), as a form shows it. */
export interface Span {
  count: number;
  unit: Unit;
}

export const UNITS = ["seconds", "minutes", "hours", "days"] as const;
export type Unit = (typeof UNITS)[number];

const SECONDS: Record<Unit, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The seconds of a span; undefined for what is none. */
export function secondsOf(text: string | null | undefined): number | undefined {
  const found = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?$/.exec((text ?? "").trim());
  if (!found) return undefined;
  const [, days, hours, minutes, seconds] = found;
  return Number(days ?? 0) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** A span in the largest unit that needs no fraction. */
export function spanOf(text: string | null | undefined): Span {
  const seconds = secondsOf(text) ?? 0;
  const unit = [...UNITS].reverse().find((each) => seconds > 0 && seconds % SECONDS[each] === 0) ?? "seconds";
  return { count: seconds / SECONDS[unit], unit };
}

/** A span as the API writes it. */
export function textOf({ count, unit }: Span): string {
  const whole = Math.max(0, Math.round(count * SECONDS[unit]));
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(whole / 86_400);
  const clock = `${two(Math.floor((whole % 86_400) / 3600))}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return days ? `${days}.${clock}` : clock;
}
