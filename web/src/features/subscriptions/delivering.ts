import type { Schema } from "../../api/types";

/** How telling goes on one way, in a word. */
export interface Going {
  state: "success" | "failed" | "queued" | "canceled";
  word: string;
}

/** How a way of telling does: off, nothing told yet, well, or failing. */
export function going(delivery: Schema["Delivery"] | null | undefined, on: boolean): Going {
  if (!on) return { state: "canceled", word: "Off" };
  if ((delivery?.Failures ?? 0) > 0) return { state: "failed", word: "Failing" };
  if (delivery?.LastSuccess) return { state: "success", word: "Delivered" };
  return { state: "queued", word: "Nothing yet" };
}

/** A span of the API ("01:00:00") in minutes. */
export function minutesOf(span: string | undefined): number {
  const [, days = "0", hours = "0", minutes = "0"] = /^(?:(\d+)\.)?(\d+):(\d+):/.exec(span ?? "") ?? [];
  return (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
}

/** Minutes as a span of the API. */
export function spanOf(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(minutes / 1440);
  return `${days > 0 ? `${days}.` : ""}${two(Math.floor((minutes % 1440) / 60))}:${two(minutes % 60)}:00`;
}
