import { type ComponentType, lazy } from "react";

const PAUSE = 2000;

async function patient<T>(load: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await load();
    } catch {
      await new Promise((goOn) => setTimeout(goOn, PAUSE));
    }
}

/**
 * A part of a page that is loaded when it is needed first. While the server is away it is tried again and again: what
 * stands around it, and what was typed there, stays.
 */
// biome-ignore lint/suspicious/noExplicitAny: as React declares it; what a part takes is inferred
export const later = <T extends ComponentType<any>>(load: () => Promise<{ default: T }>) =>
  lazy(() => patient(load));
