import { texts } from "../../shell/address";
import type { Message } from "../../text";
import { word } from "../../text/shell";

/** The ways a machine may be added. */
export const WAYS = ["agent", "listening", "websocket", "ssh"] as const;
export type Way = (typeof WAYS)[number];

/** Whether a target or a worker is added. */
export type Becomes = "machines" | "workers";

/** What the address of the wizard says. */
export interface AddSearch {
  kind?: Way;
  environments?: string;
  pools?: string;
}

/** Reads the search of an address, whoever wrote it. */
export function searchOf(given: Record<string, unknown>): AddSearch {
  const found: AddSearch = texts(given, ["environments", "pools"]);
  const way = WAYS.find((each) => each === given.kind);
  if (way) found.kind = way;
  return found;
}

/** What the machine becomes. A target has environments and tags, a worker pools. */
export interface Becoming {
  environments: readonly string[];
  tags: readonly string[];
  pools: readonly string[];
}

/** Why the wizard cannot go on from what a machine becomes; nothing if it can. */
export function missing(becomes: Becomes, given: Becoming): Message | undefined {
  if (becomes === "workers") return given.pools.length ? undefined : "Choose the pools it works for.";
  if (!given.environments.length) return "Choose the environments it belongs to.";
  return given.tags.length ? undefined : "Give it a target tag: steps ask for machines by these.";
}

/** Where an invitation is: nobody has come with its token, a machine has registered, its check runs, or has ended. */
export type Stage = "waiting" | "late" | "registered" | "connected" | "unreached" | "gone";

interface Seen {
  used: boolean;
  expired: boolean;
  waited: number;
  /** Milliseconds since it registered. */
  since?: number;
  health?: string | undefined;
}

/** How long, in milliseconds, nothing may come before the page says what may be wrong. */
export const PATIENCE = 45_000;

/** How long, in milliseconds, an agent that has just registered may take to start and connect. */
export const CONNECTING = 20_000;

/** The stage of an invitation by what is known of it. `waited` is milliseconds since it was made. */
export function stageOf({ used, expired, waited, since = 0, health }: Seen): Stage {
  if (!used) return expired ? "gone" : waited > PATIENCE ? "late" : "waiting";
  if (!health || health === "Unknown") return "registered";
  if (health !== "Unavailable") return "connected";
  return since < CONNECTING ? "registered" : "unreached";
}

interface Invited {
  server: string;
  token: string;
  space: string;
  way: Way;
  pools: readonly string[];
  /** HOST:PORT at which a listening agent waits. */
  listen?: string;
  /** How the server reaches a listening agent. */
  publicHost?: string;
}

/** The command to paste on the new machine, as `gurita machine invite` prints it. `server` is its address with prefix. */
export function command({ server, token, space, way, pools, listen, publicHost }: Invited): string {
  const words = ["--server", server, "--token", token, "--space", space];
  for (const pool of pools) words.push("--pool", pool);
  if (way === "websocket") words.push("--websocket");
  if (way === "listening") {
    words.push("--listen", listen || "0.0.0.0:10933");
    if (publicHost) words.push("--public-host", publicHost);
  }
  return `curl -fsS ${word(server)}/agent/install.sh | sh -s -- ${words.map(word).join(" ")}`;
}

/** The command line that makes the same invitation, without its token. Names are those of environments or pools. */
export function inviteCommand(
  becomes: Becomes,
  way: Way,
  names: readonly string[],
  tags: readonly string[],
): string {
  const words = ["gurita", "machine", "invite"];
  for (const name of names) words.push(becomes === "workers" ? "--pool" : "--environment", name);
  if (becomes === "machines") for (const tag of tags) words.push("--role", tag);
  if (way === "websocket") words.push("--websocket");
  return words.map(word).join(" ");
}

/** Whether an address is one only the server's own machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  /^127\./.test(host) ||
  host === "[::1]" ||
  host === "::1";

/** Whether two fingerprints of a key are the same, however they were copied. Nothing typed is never the same. */
export function samePrint(shown: string, typed: string): boolean {
  const bare = (text: string) =>
    text
      .trim()
      .replace(/^(\d+ )?SHA256:/i, "")
      .replace(/[\s=].*$/, "");
  return bare(typed) !== "" && bare(shown) === bare(typed);
}

/** The steps of adding an SSH host, in order. */
export const SSH_STEPS = ["place", "host", "account", "key", "check"] as const;
export type SshStep = (typeof SSH_STEPS)[number];

interface SshKnown {
  placed: boolean;
  host: string;
  account: string;
  /** The fingerprint the host showed. */
  shown: string;
  confirmed: boolean;
  made: boolean;
}

/** The step of adding an SSH host that is to be done next. A key must be confirmed before anything is sent to the host. */
export function sshStep({ placed, host, account, shown, confirmed, made }: SshKnown): SshStep {
  if (made) return "check";
  if (!placed) return "place";
  if (!host.trim()) return "host";
  if (!account) return "account";
  return shown && confirmed ? "check" : "key";
}
