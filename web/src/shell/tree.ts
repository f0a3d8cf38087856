import { createRootRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { csrfToken } from "../api/client";
import { Refusal } from "../api/errors";
import { queries } from "../api/queries";
import { Failed } from "./Failed";
import { Missing } from "./Missing";
import { Root } from "./Root";
import { me, spaces } from "./session";

/** The root of all pages. */
export const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: Missing,
  errorComponent: Failed,
});

const frame = () => import("./Frame");

/** Sends whoever is not signed in to the sign-in page, which comes back to here. */
async function signedIn({ location }: { location: { href: string } }) {
  const signIn = () => redirect({ to: "/sign-in", search: { next: location.href }, replace: true });
  // The two cookies of a session come and go together, so without this one there is nobody to ask for.
  if (!csrfToken()) throw signIn();
  void frame(); // It comes beside the first answers.
  try {
    await Promise.all([queries.ensureQueryData(me()), queries.ensureQueryData(spaces())]);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) throw signIn();
    throw error;
  }
}

/** Everything with the frame around it: navigation, header, palette. */
export const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "frame",
  component: lazyRouteComponent(frame, "Frame"),
  beforeLoad: signedIn,
  errorComponent: Failed,
  notFoundComponent: Missing,
});

/** Pages of a space: `/Spaces-1/…`. A feature adds its own below. */
export const spaceRoute = createRoute({ getParentRoute: () => frameRoute, path: "$space" });

/** Pages of the whole server: `/configuration/…`. */
export const systemRoute = createRoute({ getParentRoute: () => frameRoute, path: "configuration" });
