import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import { byField, Refusal } from "../api/errors";
import { queries } from "../api/queries";
import { t } from "../text";

export interface Saving {
  busy: boolean;
  error: unknown;
  /** The server's sentences for a field of the API, for Mantine's `error`; undefined for none. */
  errorOf: (field: string) => string | undefined;
  /** The sentences no field takes, for the summary above the form. */
  others: readonly string[];
  run: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
}

/**
 * Runs what a form does, holds what was refused, and spreads the refusal over `fields` (names of the API).
 *
 * `run` answers whether it went well, and then shows `done` as a short message.
 */
export function useSaving(fields: readonly string[] = []): Saving {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = useCallback(async (work: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
      if (done) notifications.show({ message: done, closeButtonProps: { "aria-label": t("Close") } });
      return true;
    } catch (refused) {
      setError(refused);
      // Somebody else was faster: what they saved is read, so that the form can tell what to do.
      if (refused instanceof Refusal && refused.status === 409) void queries.invalidateQueries();
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const told = error instanceof Refusal ? byField(error.sentences, fields) : new Map<string, string[]>();
  const others =
    error instanceof Refusal ? (told.get("") ?? []) : error instanceof Error ? [error.message] : [];
  return { busy, error, errorOf: (field) => told.get(field)?.join(" "), others, run };
}
