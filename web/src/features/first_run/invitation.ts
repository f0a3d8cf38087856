/** One argument for a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/** The command to paste on a new machine, as `gurita machine invite` prints it. `server` is its address with prefix. */
export function invitation(server: string, token: { Token: string; SpaceId: string }): string {
  const words = ["--server", server, "--token", token.Token, "--space", token.SpaceId];
  return `curl -fsS ${quoted(server)}/agent/install.sh | sh -s -- ${words.map(quoted).join(" ")}`;
}
