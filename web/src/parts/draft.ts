import { useState } from "react";
import { afterSaving, changed, clashes, draftOf, type Held, hasMoved, rebased } from "./drafting";

/** That somebody else has saved since a form was begun, and the two ways on. */
export interface Moved {
  /** Members of the API both have changed. */
  both: readonly string[];
  /** Puts the form's changes on top of theirs. */
  keep: () => void;
  /** Gives them up. */
  take: () => void;
}

export interface Form<T> {
  draft: T;
  set: (change: Partial<T>) => void;
  dirty: boolean;
  reset: () => void;
  /** Says that `draft`, as it is now, was saved as the server's answer. What is typed until that comes stays. */
  settle: (answer: T) => void;
  moved: Moved | undefined;
}

/**
 * What a form changes of something loaded.
 *
 * With the first change the loaded version is held, so that what somebody else saves meanwhile is not overwritten: the
 * server refuses the old version, and `moved` tells how to go on. `reset` gives up the changes.
 */
export function useDraft<T extends object>(loaded: T): Form<T> {
  const [held, setHeld] = useState<Held<T>>();
  const [saved, setSaved] = useState<{ over: T; answer: T }>();
  // The answer stands until what was saved has been read again.
  const current = saved?.over === loaded ? saved.answer : loaded;
  const draft = draftOf(held, current);
  const reset = () => setHeld(undefined);
  return {
    draft,
    set: (change) => setHeld((before) => changed(before, current, change)),
    dirty: held !== undefined,
    reset,
    settle: (answer) => {
      setSaved({ over: loaded, answer });
      setHeld((before) => afterSaving(before, draft, answer));
    },
    moved:
      held && hasMoved(held, current)
        ? { both: clashes(held, current), keep: () => setHeld(rebased(held, current)), take: reset }
        : undefined,
  };
}
