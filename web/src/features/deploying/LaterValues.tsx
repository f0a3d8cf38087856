import { lazy, Suspense } from "react";

const Values = lazy(() => import("./ChangedValues").then((found) => ({ default: found.ChangedValues })));

/** The values that changed since a release froze them, for other features: read only where they are shown. */
export function ChangedValues(props: { releaseId: string; version: string }) {
  return (
    <Suspense fallback={null}>
      <Values {...props} />
    </Suspense>
  );
}
