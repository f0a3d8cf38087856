/**
 * Where to go after signing in: `next` if it is a path of this portal, else its start.
 *
 * Nothing else is followed: no other host, no scheme, no `//`, no backslash, no control character (product item 22).
 */
export function safeNext(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return "/";
  return next.startsWith("/sign-in") ? "/" : next;
}
