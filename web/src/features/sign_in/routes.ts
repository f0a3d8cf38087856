import { createRoute } from "@tanstack/react-router";
import { queries, reading } from "../../api/queries";
import { rootRoute } from "../../shell/tree";
import { SignIn } from "./SignIn";

/** The ways to sign in. */
export const ways = () => reading("other", "/api/authentication");

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "sign-in",
  validateSearch: (search): { next?: string } =>
    typeof search.next === "string" ? { next: search.next } : {},
  loader: () => queries.ensureQueryData(ways()),
  component: SignIn,
});

export const signInRoutes = [signIn] as const;
