import type { Schema } from "../../api/types";

export type Channel = Schema["Channel"];
export type Rule = Schema["ChannelRule"];

/** A package of the process as rules name it. */
export interface RulePackage {
  key: string;
  label: string;
  action: string;
  reference: string;
  feedId: string;
}

/** A channel that is about to be made. */
export const newChannel = (ProjectId: string): Channel => ({
  Id: "",
  Version: 0,
  SpaceId: "",
  Name: "",
  Slug: "",
  Description: "",
  ProjectId,
  LifecycleId: null,
  IsDefault: false,
  TenantTags: [],
  Type: "Lifecycle",
  Rules: [],
  GitReferenceRules: [],
  GitResourceRules: [],
  CustomFieldDefinitions: [],
  ParentEnvironmentId: null,
  EphemeralEnvironmentNameTemplate: null,
  AutomaticEphemeralEnvironmentDeployments: false,
  ExtensionSettings: [],
});

/** A rule about nothing yet. */
export const newRule = (): Rule => ({
  Id: "",
  VersionRange: "",
  Tag: "",
  VersioningStrategy: null,
  VersionTagRegex: null,
  ActionPackages: [],
  Links: {},
});

const keyOf = (action: string, reference: string) => JSON.stringify([action, reference]);

/** Every package of a process. */
export function packagesOf(process: Schema["DeploymentProcess"]): RulePackage[] {
  return process.Steps.flatMap((step) =>
    step.Actions.flatMap((action) =>
      action.Packages.map((each) => {
        const reference = each.Name ?? "";
        const id = each.PackageId || reference;
        return {
          key: keyOf(action.Name, reference),
          label: reference ? `${action.Name} / ${reference} (${id})` : `${action.Name} (${id})`,
          action: action.Name,
          reference,
          feedId: each.FeedId ?? "",
        };
      }),
    ),
  );
}

/** The keys of a rule's packages. */
export const chosenOf = (rule: Rule): string[] =>
  rule.ActionPackages.map((each) => keyOf(each.DeploymentAction ?? "", each.PackageReference ?? ""));

/** The rule about other packages. */
export const about = (rule: Rule, keys: readonly string[]): Rule => ({
  ...rule,
  ActionPackages: keys.map((key) => {
    const [DeploymentAction, PackageReference] = JSON.parse(key) as [string, string];
    return { DeploymentAction, PackageReference };
  }),
});

/** What to choose from: the packages there are, and those a rule still names although they are gone. */
export function offered(rule: Rule, packages: readonly RulePackage[]): { value: string; label: string }[] {
  const known = new Set(packages.map((each) => each.key));
  const gone = chosenOf(rule).filter((key) => !known.has(key));
  return [
    ...packages.map((each) => ({ value: each.key, label: each.label })),
    ...gone.map((key) => ({ value: key, label: (JSON.parse(key) as string[]).filter(Boolean).join(" / ") })),
  ];
}

/** A rule in a few words. */
export function ruleWords(rule: Rule): string {
  const parts = [
    rule.VersionRange,
    rule.Tag ? `tag ${rule.Tag}` : "",
    rule.VersionTagRegex ? `matching ${rule.VersionTagRegex}` : "",
  ].filter(Boolean);
  const names = rule.ActionPackages.map((each) =>
    [each.DeploymentAction, each.PackageReference].filter(Boolean).join(" / "),
  );
  return `${names.join(", ") || "–"}: ${parts.join(", ") || "–"}`;
}

/** The sentences about a rule, without their place, by member. */
export function ofRule(sentences: readonly string[], place: number): { field: string; text: string }[] {
  return sentences.flatMap((sentence) => {
    const found = /^Rules\[(\d+)\](?:\.([A-Za-z]+)[^:]*)?: (.*)$/s.exec(sentence);
    if (!found || Number(found[1]) !== place) return [];
    const text = found[3] ?? "";
    return [{ field: found[2] ?? "", text: text.charAt(0).toUpperCase() + text.slice(1) }];
  });
}
