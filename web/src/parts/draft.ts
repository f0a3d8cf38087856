import { useState } from "react";

interface Draft<T> {
  draft: T;
  set: (change: Partial<T>) => void;
  dirty: boolean;
  reset: () => void;
}

/**
 * What a form changes of something loaded.
 *
 * With the first change the loaded version is held, so that what somebody else saves meanwhile is not overwritten: the
 * server refuses the old version. `reset` gives up the changes and takes what is loaded now.
 */
export function useDraft<T extends object>(loaded: T): Draft<T> {
  const [held, setHeld] = useState<T>();
  return {
    draft: held ?? loaded,
    set: (change) => setHeld((before) => ({ ...(before ?? loaded), ...change })),
    dirty: held !== undefined,
    reset: () => setHeld(undefined),
  };
}
