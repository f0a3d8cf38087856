import type { Schema } from "../../api/types";
import { t } from "../../text";

type Wanted = Schema["TemplatePackage"];
type Version = Schema["FeedVersionItem"];
type Rule = Schema["ChannelRule"];

/** One text for each package of a release: its action and the name of its reference. */
export const keyOf = (wanted: { ActionName: string; PackageReferenceName?: string | null }): string =>
  `${wanted.ActionName}\n${wanted.PackageReferenceName ?? ""}`;

const same = (a: string | null | undefined, b: string | null | undefined) =>
  (a ?? "").trim().toLowerCase() === (b ?? "").trim().toLowerCase();

/** The rule of a channel that is about a package, if there is one. */
export function ruleOf(channel: { Rules: readonly Rule[] } | undefined, wanted: Wanted): Rule | undefined {
  return channel?.Rules.find((rule) =>
    rule.ActionPackages.some(
      (each) =>
        (same(each.DeploymentAction, wanted.ActionName) || same(each.DeploymentAction, wanted.StepName)) &&
        same(each.PackageReference, wanted.PackageReferenceName),
    ),
  );
}

/** What a rule asks for, in words. */
export function ruleWords(rule: Rule): string {
  const parts = [
    rule.VersionRange && t("the range {{range}}", { range: rule.VersionRange }),
    rule.Tag && t("the pre-release tag {{tag}}", { tag: rule.Tag }),
    rule.VersionTagRegex && t("the tag {{tag}}", { tag: rule.VersionTagRegex }),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(t(" and ")) : t("any version");
}

/** The query that asks a feed for the versions a rule lets through. */
export const ruleQuery = (rule: Rule | undefined) => ({
  versionRange: rule?.VersionRange || undefined,
  preReleaseTag: rule?.Tag || undefined,
  versioningStrategy: rule?.VersioningStrategy || undefined,
  versionTagRegex: rule?.VersionTagRegex || undefined,
});

/**
 * Versions that are newer than the newest the rules let through, and are left out for that. Both lists are the feed's,
 * newest first: order is only ever the server's.
 */
export function shutOut(all: readonly Version[], fitting: readonly Version[]): Version[] {
  const newest = fitting[0]?.Version;
  const fits = new Set(fitting.map((each) => each.Version));
  const found: Version[] = [];
  for (const each of all) {
    if (each.Version === newest) break;
    if (!fits.has(each.Version)) found.push(each);
  }
  return found;
}

/** The version to begin with: what the process fixes, else the newest that fits; "" for none. */
export const startOf = (wanted: Wanted, fitting: readonly Version[]): string =>
  wanted.FixedVersion || fitting[0]?.Version || "";

/** The choices as the API takes them; packages without a version are left for the server to complain of. */
export function selectedOf(
  wanted: readonly Wanted[],
  chosen: ReadonlyMap<string, string>,
): Schema["SelectedPackage"][] {
  return wanted.flatMap((each) => {
    const version = chosen.get(keyOf(each)) ?? "";
    return version
      ? [
          {
            ActionName: each.ActionName,
            StepName: each.StepName,
            PackageReferenceName: each.PackageReferenceName,
            Version: version,
          },
        ]
      : [];
  });
}

/** Why the next version is what it is. */
export function whyVersion(template: Schema["ReleaseTemplate"]): string {
  const last = template.LastReleaseVersion;
  if (template.VersioningPackageStepName)
    return t("As the package of step {{step}}.", { step: template.VersioningPackageStepName });
  if (last) return t("The project's numbering makes it follow {{last}}, the highest so far.", { last });
  return t("The first of this project, by its numbering.");
}

/** The version a release will have: what the template says, or that of the package it is named after. */
export function expectedVersion(
  template: Schema["ReleaseTemplate"],
  selected: readonly Schema["SelectedPackage"][],
): string {
  if (!template.VersioningPackageStepName) return template.NextVersionIncrement ?? "";
  const donor = selected.find(
    (each) =>
      same(each.ActionName, template.VersioningPackageStepName) &&
      same(each.PackageReferenceName, template.VersioningPackageReferenceName),
  );
  return donor?.Version ?? "";
}
