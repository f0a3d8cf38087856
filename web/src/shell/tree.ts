import { createRootRoute, createRoute, redirect } from "@tanstack/react-router";
import { Refusal } from "../api/errors";
import { queries } from "../api/queries";
import { Failed } from "./Failed";
import { Frame } from "./Frame";
import { Missing } from "./Missing";
import { Root } from "./Root";
import { me, spaces } from "./session";

/** The root of all pages. */
export const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: Missing,
  errorComponent: Failed,
});

/** Sends whoever is not signed in to the sign-in page, which comes back to here. */
async function signedIn({ location }: { location: { href: string } }) {
  try {
    await Promise.all([queries.ensureQueryData(me()), queries.ensureQueryData(spaces())]);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401)
      throw redirect({ to: "/sign-in", search: { next: location.href }, replace: true });
    throw error;
  }
}

/** Everything with the frame around it: navigation, header, palette. */
export const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "frame",
  component: Frame,
  beforeLoad: signedIn,
  errorComponent: Failed,
  notFoundComponent: Missing,
});

/** Pages of a space: `/Spaces-1/…`. A feature adds its own below. */
export const spaceRoute = createRoute({ getParentRoute: () => frameRoute, path: "$space" });

/** Pages of the whole server: `/configuration/…`. */
export const systemRoute = createRoute({ getParentRoute: () => frameRoute, path: "configuration" });
