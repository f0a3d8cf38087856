import type { Schema } from "../../api/types";
import type { Message } from "../../text";

type Feed = Schema["Feed"];

/** A member of a feed that only some types have. */
export type Member =
  | "FeedUri"
  | "Username"
  | "Password"
  | "DownloadAttempts"
  | "DownloadRetryBackoffSeconds"
  | "EnhancedMode"
  | "ApiVersion"
  | "RegistryPath"
  | "Repository"
  | "LayoutRegex"
  | "Region"
  | "AccessKey"
  | "SecretKey"
  | "UseMachineCredentials"
  | "UseServiceAccountKey"
  | "ServiceAccountJsonKey"
  | "Project"
  | "DeleteUnreleasedPackagesAfterDays"
  | "DeletePackagesAssociatedWithReleases";

interface Kind {
  text: Message;
  members: readonly Member[];
  /** An address as an example. */
  example?: string;
}

const WEB: readonly Member[] = ["FeedUri", "Username", "Password"];
const TRIES: readonly Member[] = ["DownloadAttempts", "DownloadRetryBackoffSeconds"];
const IMAGES: readonly Member[] = [...WEB, "ApiVersion", "RegistryPath"];

/** The types of feeds one may make, and what each asks for. Members are those of the server's table; a test holds the two together. */
export const KINDS: Readonly<Record<string, Kind>> = {
  NuGet: {
    text: "NuGet",
    members: [...WEB, "EnhancedMode", ...TRIES],
    example: "https://nuget.example/v3/index.json",
  },
  Docker: { text: "Container registry", members: IMAGES, example: "https://registry.example" },
  Maven: { text: "Maven", members: [...WEB, ...TRIES], example: "https://maven.example/maven2/" },
  Npm: { text: "npm", members: [...WEB, ...TRIES], example: "https://npm.example" },
  PyPi: { text: "PyPI", members: [...WEB, ...TRIES], example: "https://pypi.example/simple" },
  GitHub: { text: "GitHub releases", members: [...WEB, ...TRIES], example: "https://git.example/api/v3" },
  Helm: { text: "Helm", members: [...WEB, ...TRIES], example: "https://charts.example" },
  OciRegistry: { text: "OCI registry", members: [...WEB, ...TRIES], example: "oci://registry.example" },
  ArtifactoryGeneric: {
    text: "Artifactory, generic repository",
    members: [...WEB, "Repository", "LayoutRegex", ...TRIES],
    example: "https://artifactory.example",
  },
  S3: {
    text: "S3 bucket",
    members: ["FeedUri", "Region", "UseMachineCredentials", "AccessKey", "SecretKey", ...TRIES],
  },
  GcsStorage: {
    text: "Google Cloud Storage",
    members: ["Project", "UseServiceAccountKey", "ServiceAccountJsonKey", ...TRIES],
  },
  AwsElasticContainerRegistry: {
    text: "AWS Elastic Container Registry",
    members: ["Region", "AccessKey", "SecretKey"],
  },
  AzureContainerRegistry: { text: "Azure Container Registry", members: IMAGES },
  GoogleContainerRegistry: { text: "Google Container Registry", members: IMAGES },
};

const BUILT_IN: Kind = {
  text: "Built-in repository",
  members: ["DeleteUnreleasedPackagesAfterDays", "DeletePackagesAssociatedWithReleases"],
};

/** The type of a feed; one this portal does not know has no members of its own. */
export const kindOf = (type: string): Kind =>
  type === "BuiltIn" ? BUILT_IN : (KINDS[type] ?? { text: type, members: [] });

/** How a member is asked for. */
export interface Field {
  label: Message;
  help?: Message;
  control: "text" | "number" | "yes" | "secret";
}

/** The fields of members, in the words of the field. */
export const FIELDS: Readonly<Record<Member, Field>> = {
  FeedUri: { label: "Address", control: "text" },
  Username: { label: "User name", control: "text" },
  Password: { label: "Password or token", control: "secret" },
  DownloadAttempts: { label: "Download attempts", control: "number" },
  DownloadRetryBackoffSeconds: { label: "Seconds between attempts", control: "number" },
  EnhancedMode: {
    label: "Enhanced mode",
    help: "Asks for versions in a faster way, which some servers do not know.",
    control: "yes",
  },
  ApiVersion: { label: "API version", help: "Empty: found out. v1 or v2.", control: "text" },
  RegistryPath: {
    label: "Registry path",
    help: "Where images are pulled from, if it is another host.",
    control: "text",
  },
  Repository: { label: "Repository", control: "text" },
  LayoutRegex: {
    label: "Layout",
    help: "An expression that finds id and version in paths.",
    control: "text",
  },
  Region: { label: "Region", control: "text" },
  AccessKey: { label: "Access key", control: "text" },
  SecretKey: { label: "Secret key", control: "secret" },
  UseMachineCredentials: { label: "Use the credentials of the server's machine", control: "yes" },
  UseServiceAccountKey: { label: "Use a service account key", control: "yes" },
  ServiceAccountJsonKey: { label: "Service account key (JSON)", control: "secret" },
  Project: { label: "Project", control: "text" },
  DeleteUnreleasedPackagesAfterDays: {
    label: "Delete packages no release has after days",
    help: "Empty: as the retention policy says.",
    control: "number",
  },
  DeletePackagesAssociatedWithReleases: { label: "Delete also packages releases have", control: "yes" },
};

/** A new feed of a type, with its defaults left to the server. */
export const newFeed = (type: string): Partial<Feed> => ({ FeedType: type, Name: "" });

/** The feed as it goes to the server: with the members of its type alone, so that changing the type leaves nothing behind. */
export function feedBody(feed: Partial<Feed>): Partial<Feed> {
  const kept = new Set<string>(kindOf(feed.FeedType ?? "").members);
  const specific = new Set<string>(Object.keys(FIELDS));
  const entries = Object.entries(feed).filter(([name]) => !specific.has(name) || kept.has(name));
  return Object.fromEntries(entries) as Partial<Feed>;
}
