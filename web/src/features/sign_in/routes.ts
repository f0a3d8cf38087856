import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { queries } from "../../api/queries";
import { texts } from "../../shell/address";
import { rootRoute } from "../../shell/tree";
import { ways } from "../../shell/ways";

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  /** `next`: where to go after it. `stay`: somebody has just signed out, so nobody is sent on to a provider. `trouble`: what a provider's answer came to. */
  validateSearch: (search): { next?: string; stay?: boolean; trouble?: string } => ({
    ...texts(search, ["next", "trouble"]),
    stay: search.stay === true || undefined,
  }),
  loader: () => queries.ensureQueryData(ways()),
  component: lazyRouteComponent(() => import("./SignIn"), "SignIn"),
});

const register = createRoute({
  getParentRoute: () => rootRoute,
  path: "register",
  validateSearch: (search): { code?: string } => texts(search, ["code"]),
  component: lazyRouteComponent(() => import("./Register"), "Register"),
});

export const signInRoutes = [signIn, register] as const;
