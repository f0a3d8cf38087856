import { useSyncExternalStore } from "react";

/** Which row one is in: known outside React's state, so that going from row to row draws only what says something of it. */
export class Active {
  #id: string | undefined;
  readonly #watchers = new Set<() => void>();

  get id(): string | undefined {
    return this.#id;
  }

  readonly set = (id: string | undefined): void => {
    if (id === this.#id) return;
    this.#id = id;
    for (const watcher of this.#watchers) watcher();
  };

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
}

/** The row one is in. */
export const useActive = (active: Active): string | undefined =>
  useSyncExternalStore(active.subscribe, () => active.id);
