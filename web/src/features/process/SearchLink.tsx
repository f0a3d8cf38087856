import { Anchor } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ProcessSearch } from "./search";

/** A link to another state of the process page. Within the graph it leads to another form in the graph. */
export function SearchLink({
  search,
  children,
  className = "",
  fz,
}: {
  search: ProcessSearch;
  children: ReactNode;
  className?: string | undefined;
  fz?: string;
}) {
  const here = useFormsHere();
  return (
    <Anchor
      fz={fz ?? "inherit"}
      className={className}
      renderRoot={(props: object) => <Link to="." search={{ ...here, ...search }} {...props} />}
    >
      {children}
    </Anchor>
  );
}

/** What the address of a form says besides its step: whether it stands beside the list or in the graph. */
export function useFormsHere(): ProcessSearch {
  const { view } = useSearch({ strict: false }) as ProcessSearch;
  return view === "graph" ? { view, edit: true } : {};
}

/** Goes to another state of the process page. */
export function useGo(): (to: ProcessSearch, replace?: boolean) => void {
  const navigate = useNavigate();
  return (search, replace = false) => void navigate({ to: ".", search, replace });
}
