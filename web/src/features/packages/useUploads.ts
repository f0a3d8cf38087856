import { useCallback, useEffect, useReducer, useRef } from "react";
import { stale } from "../../api/queries";
import { type Overwrite, sendPackage } from "./sending";
import { after, type Upload } from "./uploads";

let last = 0;

interface Uploading {
  uploads: readonly Upload[];
  add: (files: readonly File[], mode: Overwrite) => void;
  cancel: (id: number) => void;
  clear: () => void;
}

/** Sends files one behind the other, so that each is refused for itself. Whoever leaves the page cancels the rest. */
export function useUploads(spaceId: string): Uploading {
  const [uploads, tell] = useReducer(after, []);
  const queue = useRef<{ id: number; file: File; mode: Overwrite }[]>([]);
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
      const chosen = files.map((file) => {
        last += 1;
        return { id: last, file, mode };
      });
      tell({
        what: "chosen",
        files: chosen.map(({ id, file }) => ({ id, name: file.name, size: file.size })),
      });
      queue.current.push(...chosen);
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
