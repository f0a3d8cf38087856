/** Where this portal is served from, as the server wrote it into the page. */
const root = document.documentElement;

/** The path prefix of the server ("" or "/deploy"), without a slash at the end. */
export const base = root.dataset.base ?? "";

/** The nonce a style sheet made at run time must carry (content security policy). */
export const nonce = root.dataset.nonce ?? "";

/** Which server this is: browsers keep the cookies of all servers of a host together, whatever their ports. */
export const installation = root.dataset.installation ?? "";

/** Which build of the portal this page is. */
export const build = root.dataset.build ?? "";
