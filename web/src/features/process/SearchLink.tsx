import { Anchor } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ProcessSearch } from "./routes";

/** A link to another state of the process page. */
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
  return (
    <Anchor
      fz={fz ?? "inherit"}
      className={className}
      renderRoot={(props: object) => <Link to="." search={search} {...props} />}
    >
      {children}
    </Anchor>
  );
}

/** Goes to another state of the process page. */
export function useGo(): (to: ProcessSearch, replace?: boolean) => void {
  const navigate = useNavigate();
  return (search, replace = false) => void navigate({ to: ".", search, replace });
}
