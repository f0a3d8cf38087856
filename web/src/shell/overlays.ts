/** What lies over a page when it is asked for: by a key, or by a button. */
export type Overlay = "palette" | "help";

const OPEN = "gurita-open";

/** Opens the palette or the help from a button. */
export function openOverlay(which: Overlay): void {
  window.dispatchEvent(new CustomEvent(OPEN, { detail: which }));
}

/** Hears what is opened from buttons until the function it gives is called. */
export function onOverlay(open: (which: Overlay) => void): () => void {
  const heard = (event: Event) => open((event as CustomEvent<Overlay>).detail);
  window.addEventListener(OPEN, heard);
  return () => window.removeEventListener(OPEN, heard);
}
