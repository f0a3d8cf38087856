import { Link } from "@tanstack/react-router";
import classes from "./LinkTabs.module.css";

export interface LinkTab {
  text: string;
  /** The address below `/app`. */
  to: string;
  search?: Record<string, string | undefined>;
  current: boolean;
}

/** Tabs that are addresses: each is a link, so it can be opened elsewhere, and going back goes back. */
export function LinkTabs({ label, tabs }: { label: string; tabs: readonly LinkTab[] }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map((tab) => (
        <Link
          key={tab.text}
          to={tab.to}
          search={(tab.search ?? {}) as never}
          className={classes.tab}
          data-current={tab.current || undefined}
          {...(tab.current ? { "aria-current": "page" as const } : {})}
        >
          {tab.text}
        </Link>
      ))}
    </nav>
  );
}
