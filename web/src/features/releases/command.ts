import type { Schema } from "../../api/types";
import { word } from "../../text/shell";

/**
 * The same release as a command, which takes the newest packages that fit; undefined where something was chosen that the
 * command has no option for.
 */
export function createCommand(
  project: string,
  channel: { Name: string; IsDefault: boolean } | undefined,
  body: Partial<Schema["Release"]>,
  chosen: boolean,
): string | undefined {
  if (chosen || body.IgnoreChannelRules || body.SelectedGitResources?.length) return undefined;
  const words = ["gurita", "release", "create", word(project)];
  if (body.Version) words.push("--version", word(body.Version));
  if (channel && !channel.IsDefault) words.push("--channel", word(channel.Name));
  if (body.ReleaseNotes?.trim()) words.push("--notes", word(body.ReleaseNotes));
  return words.join(" ");
}
