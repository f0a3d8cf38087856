import { type Draft, withoutSecrets } from "./merging";

const here = new Map<string, Draft>();
const key = (space: string, set: string) => `gurita-variables/${space}/${set}`;

/**
 * Keeps what was not saved, for this tab: as it is while the page stays, without secrets over a reload. Nothing forgets it.
 */
export function keep(space: string, set: string, draft: Draft | undefined): void {
  try {
    if (draft) {
      here.set(key(space, set), draft);
      sessionStorage.setItem(key(space, set), JSON.stringify(withoutSecrets(draft)));
    } else {
      here.delete(key(space, set));
      sessionStorage.removeItem(key(space, set));
    }
  } catch {
    // A browser that keeps nothing, or a draft too large for it: it still stays as long as the page does.
  }
}

/** What was kept; `bare` where secrets that had been typed are lost. */
export function kept(space: string, set: string): { draft: Draft; bare: boolean } | undefined {
  const found = here.get(key(space, set));
  if (found) return { draft: found, bare: false };
  try {
    const text = sessionStorage.getItem(key(space, set));
    return text ? { draft: JSON.parse(text) as Draft, bare: true } : undefined;
  } catch {
    return undefined;
  }
}
