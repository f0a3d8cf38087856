import { useCallback, useEffect, useReducer, useRef } from "react";
import { stale } from "../../api/queries";
import { t } from "../../text";
import { type Overwrite, sendPackage } from "./sending";
import { after, type Upload } from "./uploads";

let last = 0;

interface Uploading {
  uploads: readonly Upload[];
  add: (files: readonly File[], mode: Overwrite) => void;
  /** Says of folders that they cannot be sent. */
  refuse: (names: readonly string[]) => void;
  cancel: (id: number) => void;
  /** Sends once more what was refused or canceled, and does with a version that is there what is chosen now. */
  again: (id: number, mode: Overwrite) => void;
  clear: () => void;
}

interface Sent {
  id: number;
  file: File;
  mode: Overwrite;
}

const chosen = (files: readonly { name: string; size: number }[]) =>
  files.map(({ name, size }) => {
    last += 1;
    return { id: last, name, size };
  });

/** Sends files one behind the other, so that each is refused for itself. Whoever leaves the page cancels the rest. */
export function useUploads(spaceId: string): Uploading {
  const [uploads, tell] = useReducer(after, []);
  const queue = useRef<Sent[]>([]);
  const known = useRef(new Map<number, File>());
  const current = useRef<{ id: number; stop: () => void } | undefined>(undefined);
  const next = useCallback(() => {
    const first = queue.current.shift();
    if (!first) {
      current.current = undefined;
      return;
    }
    const { id, file, mode } = first;
    const stop = sendPackage(spaceId, file, mode, {
      onSent: (bytes) => tell({ what: "sent", id, bytes }),
      onDone: ({ PackageId, Version }) => {
        tell({ what: "done", id, packageId: PackageId, version: Version });
        stale("other");
        next();
      },
      onRefused: (sentences) => {
        tell({ what: "refused", id, sentences });
        next();
      },
    });
    current.current = { id, stop };
  }, [spaceId]);
  useEffect(
    () => () => {
      queue.current = [];
      current.current?.stop();
    },
    [],
  );
  return {
    uploads,
    add: (files, mode) => {
      const taken = chosen(files);
      tell({ what: "chosen", files: taken });
      for (const [at, file] of files.entries()) {
        const id = taken[at]?.id ?? 0;
        known.current.set(id, file);
        queue.current.push({ id, file, mode });
      }
      if (!current.current) next();
    },
    refuse: (names) => {
      const taken = chosen(names.map((name) => ({ name, size: 0 })));
      tell({ what: "chosen", files: taken });
      for (const { id } of taken)
        tell({ what: "refused", id, sentences: [t("A folder cannot be uploaded. Pack it first.")] });
    },
    again: (id, mode) => {
      const file = known.current.get(id);
      if (!file) return;
      tell({ what: "again", id });
      queue.current.push({ id, file, mode });
      if (!current.current) next();
    },
    cancel: (id) => {
      queue.current = queue.current.filter((each) => each.id !== id);
      tell({ what: "canceled", id });
      if (current.current?.id !== id) return;
      current.current.stop();
      next();
    },
    clear: () => tell({ what: "cleared" }),
  };
}
