import type { Schema } from "../../api/types";
import { word } from "../../text/shell";

type Body = Partial<Schema["CreateDeploymentUntenantedV1"]>;

/** The same deployment as a command; undefined where the command has no option for something in it. Secrets are left to fill in. */
export function deployCommand(
  project: string,
  version: string,
  body: Body,
  secrets: readonly string[],
): string | undefined {
  if (body.ForcePackageDownload || body.ForcePackageRedeployment || body.UpdateVariableSnapshot)
    return undefined;
  const words = ["gurita", "release", "deploy", word(project), word(version)];
  words.push(...(body.EnvironmentNames ?? []).map(word));
  for (const name of body.SkipStepNames ?? []) words.push("--skip", word(name));
  for (const name of body.SpecificMachineNames ?? []) words.push("--machine", word(name));
  for (const name of body.ExcludedMachineNames ?? []) words.push("--exclude-machine", word(name));
  if (typeof body.UseGuidedFailure === "boolean")
    words.push("--guided", body.UseGuidedFailure ? "on" : "off");
  for (const [name, value] of Object.entries(body.Variables ?? {}))
    words.push(
      "--variable",
      secrets.includes(name) ? `${word(name)}="$SECRET"` : word(`${name}=${value ?? ""}`),
    );
  if (body.RunAt) words.push("--run-at", body.RunAt);
  if (body.NoRunAfter) words.push("--no-run-after", body.NoRunAfter);
  if (body.Comments) words.push("--comment", word(body.Comments));
  return words.join(" ");
}

/** The body as it may be shown and copied: without the answers nobody may see. */
export function withoutSecrets(body: Body, secrets: readonly string[]): Body {
  if (!body.Variables) return body;
  const shown = Object.entries(body.Variables).map(([name, value]) => [
    name,
    secrets.includes(name) ? "$SECRET" : value,
  ]);
  return { ...body, Variables: Object.fromEntries(shown) };
}
