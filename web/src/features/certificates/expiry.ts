import type { State } from "../../parts/states";
import type { Message } from "../../text";

export interface Expiry {
  state: State;
  word: Message;
  /** Whole days that are left; negative when it is over. */
  days: number;
}

const DAY = 86_400_000;

/** Days before its end at which a certificate wants a look, and at which it presses. */
export const SOON = 30;
export const PRESSING = 7;

/** How a certificate stands at a moment (milliseconds): not valid yet, valid, ending soon, over. */
export function expiryOf(
  certificate: { NotBefore: string | null; NotAfter: string | null },
  now: number,
): Expiry {
  if (!certificate.NotAfter) return { state: "queued", word: "Unknown", days: Number.NaN };
  const left = new Date(certificate.NotAfter).getTime() - now;
  const days = Math.floor(left / DAY);
  if (left <= 0) return { state: "failed", word: "Expired", days };
  if (certificate.NotBefore && new Date(certificate.NotBefore).getTime() > now)
    return { state: "warning", word: "Not valid yet", days };
  if (days < PRESSING) return { state: "failed", word: "Expires soon", days };
  if (days < SOON) return { state: "warning", word: "Expires soon", days };
  return { state: "success", word: "Valid", days };
}
