import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { spaceRoute } from "../../shell/tree";

const certificates = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/certificates",
  validateSearch: ({ add, archived }): { add?: "upload" | "generate"; archived?: boolean } => ({
    ...(add === "upload" || add === "generate" ? { add } : {}),
    ...(archived === true ? { archived } : {}),
  }),
  component: lazyRouteComponent(() => import("./CertificatesPage"), "CertificatesPage"),
});
const certificate = createRoute({
  getParentRoute: () => spaceRoute,
  path: "library/certificates/$certificate",
  component: lazyRouteComponent(() => import("./CertificatePage"), "CertificatePage"),
});

export const certificateRoutes = [certificates, certificate] as const;
