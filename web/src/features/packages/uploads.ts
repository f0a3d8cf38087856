/** A file on its way into the built-in repository. */
export interface Upload {
  id: number;
  name: string;
  /** In bytes. */
  size: number;
  sent: number;
  state: "waiting" | "sending" | "checking" | "done" | "refused" | "canceled";
  /** Why it was refused, in the server's words. */
  sentences: readonly string[];
  /** The id of the package it became. */
  packageId?: string;
  version?: string;
}

export type Happened =
  | { what: "chosen"; files: readonly { id: number; name: string; size: number }[] }
  | { what: "sent"; id: number; bytes: number }
  | { what: "done"; id: number; packageId: string; version: string }
  | { what: "refused"; id: number; sentences: readonly string[] }
  | { what: "canceled"; id: number }
  | { what: "again"; id: number }
  | { what: "cleared" };

const ENDED = new Set<Upload["state"]>(["done", "refused", "canceled"]);

/** Whether nothing more happens to it. */
export const ended = (upload: Upload): boolean => ENDED.has(upload.state);

/** The uploads after something happened. What has ended stays as it ended, unless it is tried again. */
export function after(uploads: readonly Upload[], happened: Happened): Upload[] {
  if (happened.what === "chosen")
    return [
      ...uploads,
      ...happened.files.map((file) => ({ ...file, sent: 0, state: "waiting" as const, sentences: [] })),
    ];
  if (happened.what === "cleared") return uploads.filter((each) => !ended(each));
  if (happened.what === "again")
    return uploads.map((each) =>
      each.id === happened.id && ended(each) ? { ...each, sent: 0, state: "waiting", sentences: [] } : each,
    );
  return uploads.map((each) => (each.id === happened.id && !ended(each) ? one(each, happened) : each));
}

function one(upload: Upload, happened: Exclude<Happened, { what: "chosen" | "cleared" | "again" }>): Upload {
  switch (happened.what) {
    case "sent":
      return {
        ...upload,
        sent: happened.bytes,
        state: happened.bytes < upload.size ? "sending" : "checking",
      };
    case "done":
      return {
        ...upload,
        state: "done",
        sent: upload.size,
        packageId: happened.packageId,
        version: happened.version,
      };
    case "refused":
      return { ...upload, state: "refused", sentences: happened.sentences };
    default:
      return { ...upload, state: "canceled" };
  }
}

/** How much of a file is there, in percent; an empty one is there at once. */
export const percent = (upload: Upload): number =>
  upload.size === 0 ? 100 : Math.min(100, Math.floor((upload.sent / upload.size) * 100));
