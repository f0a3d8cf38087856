import { base } from "../api/place";
import type { State } from "./states";

const DOTS: Partial<Record<State, string>> = {
  running: "#2f86d6",
  failed: "#d33a33",
  waiting: "#8b5cc9",
  success: "#2a8a4a",
  warning: "#c07a10",
};
const BODY =
  "M16 3c-5 0-8.5 3.700-8.500 8.600 0 2.600 1 4.300 1 6.100 0 2.300-2.700 2.600-4.500 4.400-1.300 1.300-.700 3.400 1.200 3.400h21.600c1.900 0 2.500-2.100 1.200-3.400-1.800-1.800-4.500-2.100-4.500-4.400 0-1.800 1-3.500 1-6.100C24.500 6.700 21 3 16 3Z";

/** Shows the state of the page's object in the icon of the tab; the plain icon for none. */
export function favicon(state: State | undefined): void {
  const link = document.getElementById("favicon") as HTMLLinkElement | null;
  if (!link) return;
  const dot = state && DOTS[state];
  link.href = dot
    ? `data:image/svg+xml,${encodeURIComponent(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0d7f86" d="${BODY}"/><circle cx="24" cy="24" r="8" fill="${dot}"/></svg>`,
      )}`
    : `${base}/app/icon.svg`;
}
