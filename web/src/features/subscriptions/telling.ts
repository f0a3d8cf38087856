import type { Schema } from "../../api/types";

/** How and of what a subscription tells. */
export type Telling = Schema["EventNotificationSubscription"];

/** What the parts of the form are given. */
export interface Part {
  told: Telling;
  change: (part: Partial<Telling>) => void;
  errorOf: (field: string) => string | undefined;
  readOnly: boolean;
  spaceId: string;
}
