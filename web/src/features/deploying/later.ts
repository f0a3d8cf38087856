import { lazy } from "react";

/** What stands on the page of a release and is of no use where there is but a button: fetched when it is shown. */
export const SnapshotNotice = lazy(async () => ({
  default: (await import("./SnapshotNotice")).SnapshotNotice,
}));

export const ChangedValues = lazy(async () => ({ default: (await import("./ChangedValues")).ChangedValues }));
