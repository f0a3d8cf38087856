const SPAN = /^(?:(\d+)\.)?(\d+):(\d{2}):(\d{2})(?:\.\d+)?$/;

/** A time span as the API writes it ("1.02:03:04": days, hours, minutes, seconds), in milliseconds; 0 for anything else. */
export function spanOf(text: string): number {
  const found = SPAN.exec(text);
  if (!found) return 0;
  const [, days = "0", hours, minutes, seconds] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** What a node is at, for its mark. */
export function stateOfNode(node: { IsOffline: boolean; IsInMaintenanceMode: boolean; IsDrained: boolean }): {
  state: "failed" | "skipped" | "waiting" | "success";
  word: string;
} {
  if (node.IsOffline) return { state: "failed", word: "Offline" };
  if (node.IsDrained) return { state: "skipped", word: "Drained" };
  if (node.IsInMaintenanceMode) return { state: "waiting", word: "Draining" };
  return { state: "success", word: "Online" };
}
