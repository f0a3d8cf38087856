const BARE = /^[\w@%+=:,./-]+$/;

/** A word for a POSIX shell, quoted where that is needed. */
export const word = (text: string): string => (BARE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
