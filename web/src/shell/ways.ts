import { base } from "../api/place";
import { reading } from "../api/queries";
import type { Schema } from "../api/types";

type Provider = Schema["AuthenticationProvider"];

/** The ways to sign in. */
export const ways = () => reading("other", "/api/authentication");

/** The ways by kind: a form for names and passwords (our own or a directory's), providers elsewhere, the guest. */
export function sorted(providers: readonly Provider[]) {
  return {
    form: providers.some((each) => each.FormsLoginEnabled),
    elsewhere: providers.filter((each) => !each.FormsLoginEnabled && each.IdentityType !== "Guest"),
    guest: providers.some((each) => each.IdentityType === "Guest"),
  };
}

/** Where the browser goes to sign in with a provider; the server sends it back to `next` of this portal. */
export function addressElsewhere(provider: Provider, next: string): string {
  const begin = provider.Links.Authenticate ?? "";
  return `${begin}?redirectTo=${encodeURIComponent(`${base}/app${next}`)}`;
}
