import { HeadContent, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { Loading } from "../parts/Loading";

/** What stands around every page, also the one for signing in. */
export function Root() {
  return (
    <Suspense fallback={<Loading />}>
      <HeadContent />
      <Outlet />
    </Suspense>
  );
}
