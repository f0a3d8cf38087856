"""What channels must be like, and which package versions their rules let through (api.md 4, runtime-formats.md 6.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gurita.catalog.rules import LONGEST_LIST, list_problems, name_problems, slug_problems, text_problems
from gurita.formats.versions import VersionRule, read_rule
from gurita.kernel.ids import folded
from gurita.lifecycles.resources import ActionPackage, Channel, ChannelRule

__all__ = [
    "Chosen",
    "RulePackage",
    "channel_problems",
    "channel_rule_problems",
    "read_for",
    "reference_problems",
    "rule_packages",
    "stale_packages",
]


@dataclass(frozen=True, slots=True)
class RulePackage:
    """A package of a deployment process as rules name it.

    `names` are all names of its action, folded; the primary package has the empty `reference`; `feed_type` is empty
    where it is known only when the release is deployed.
    """

    action: str
    names: frozenset[str]
    reference: str
    package_id: str = ""
    feed_type: str = ""

    def is_named(self, action: str | None, reference: str | None) -> bool:
        """Whether an action's and a reference's name, in any case, mean this package."""
        return folded(action or "") in self.names and folded(reference or "") == folded(self.reference)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The version a release has of a package, named as clients do."""

    action: str
    reference: str
    version: str


def channel_problems(channel: Channel) -> list[str]:
    """Every fault of a channel a client sends, except references to what does not exist."""
    found = [
        *name_problems(channel.name),
        *slug_problems(channel.slug),
        *text_problems(channel.description),
        *list_problems(channel.tenant_tags, "TenantTags"),
        *list_problems(channel.git_reference_rules, "GitReferenceRules"),
        *list_problems(
            (field.field_name for field in channel.custom_field_definitions), "CustomFieldDefinitions", 10
        ),
    ]
    if not channel.project_id:
        found.append("ProjectId: must not be empty. Name the project the channel belongs to.")
    if len(channel.rules) > LONGEST_LIST:
        return [*found, f"Rules: has {len(channel.rules)} entries. Use at most {LONGEST_LIST}."]
    for place, rule in enumerate(channel.rules):
        if not (rule.version_range or rule.tag or rule.version_tag_regex):
            found.append(
                f"Rules[{place}]: allows every version. Give it a VersionRange or a Tag, or remove it."
            )
        if len(rule.action_packages) > LONGEST_LIST:
            found.append(f"Rules[{place}].ActionPackages: has more than {LONGEST_LIST} entries.")
    return found


def read_for(rule: ChannelRule, feed_type: str) -> VersionRule:
    """A channel's rule as it is read for packages of a type of feed."""
    texts = (rule.version_range, rule.tag, rule.versioning_strategy, rule.version_tag_regex)
    interval, tag, strategy, whole = (text or "" for text in texts)
    return read_rule(interval, tag, feed_type, strategy, whole)


def rule_packages(rule: ChannelRule, packages: Sequence[RulePackage]) -> list[RulePackage]:
    """The packages of a process a rule is about."""
    return [
        package
        for package in packages
        if any(package.is_named(one.deployment_action, one.package_reference) for one in rule.action_packages)
    ]


def reference_problems(
    channel: Channel, packages: Sequence[RulePackage] | None, before: Channel | None
) -> Iterator[str]:
    """What is wrong with the rules of a channel that is saved: texts no package's feed reads, packages there are not.

    `packages` is None where the project has no process to ask. A package the channel named `before` may be gone since.
    """
    former = {_folded(one) for rule in before.rules for one in rule.action_packages} if before else set()
    for place, rule in enumerate(channel.rules):
        where = f"Rules[{place}]"
        about = rule_packages(rule, packages or ())
        for feed_type in sorted({package.feed_type for package in about}) or _notation_of(rule):
            if errors := read_for(rule, feed_type).errors:
                yield from (f"{where}.{error}" for error in errors)
                break
        for number, one in enumerate(rule.action_packages if packages is not None else ()):
            if _folded(one) not in former:
                yield from _package_problem(f"{where}.ActionPackages[{number}]", one, packages or ())


def _notation_of(rule: ChannelRule) -> list[str]:
    """Without a package to say so, a range may be NuGet's or Maven's."""
    return ["Maven"] if not read_for(rule, "Maven").errors else [""]


def _folded(one: ActionPackage) -> tuple[str, str]:
    return folded(one.deployment_action or ""), folded(one.package_reference or "")


def _package_problem(where: str, one: ActionPackage, packages: Sequence[RulePackage]) -> Iterator[str]:
    if any(package.is_named(one.deployment_action, one.package_reference) for package in packages):
        return
    of_action = [p.reference for p in packages if folded(one.deployment_action or "") in p.names]
    if not of_action:
        known = ", ".join(dict.fromkeys(p.action for p in packages)) or "none"
        yield (
            f"{where}.DeploymentAction: '{one.deployment_action or ''}' is no step with a package in this project. "
            f"Steps with packages: {known}."
        )
    else:
        known = ", ".join(f"'{name}'" for name in of_action)
        yield (
            f"{where}.PackageReference: step '{one.deployment_action}' has no package reference "
            f"'{one.package_reference or ''}'. It has {known}."
        )


def stale_packages(channel: Channel, packages: Sequence[RulePackage]) -> list[str]:
    """Sentences on what rules name and the process no longer has: those parts of the rules have no effect."""
    return [
        f"Rules[{place}].ActionPackages[{number}]: step '{one.deployment_action or ''}' "
        + (f"with the package reference '{one.package_reference}' " if one.package_reference else "")
        + "is no longer in the deployment process. The rule has no effect for it."
        for place, rule in enumerate(channel.rules)
        for number, one in enumerate(rule.action_packages)
        if not any(package.is_named(one.deployment_action, one.package_reference) for package in packages)
    ]


def channel_rule_problems(
    channel: Channel,
    chosen: Sequence[Chosen],
    packages: Sequence[RulePackage],
    *,
    ignore: bool = False,
    may_ignore: bool = True,
) -> list[str]:
    """Why a release may not have these versions in this channel; empty if it may.

    `ignore` is the release's IgnoreChannelRules, `may_ignore` the project's AllowIgnoreChannelRules. Rules that name
    packages the process does not have are passed over.
    """
    found = [
        problem
        for place, one in enumerate(chosen)
        for package in packages
        if package.is_named(one.action, one.reference)
        for problem in _version_problems(channel, f"SelectedPackages[{place}].Version", one, package)
    ]
    if not found or (ignore and may_ignore):
        return []
    if ignore:
        found.insert(
            0,
            "IgnoreChannelRules: the project does not allow that. "
            "Choose versions that fit the channel, or set AllowIgnoreChannelRules in the project.",
        )
    return found


def _version_problems(channel: Channel, where: str, one: Chosen, package: RulePackage) -> Iterator[str]:
    for rule in channel.rules:
        if package not in rule_packages(rule, [package]):
            continue
        verdict = read_for(rule, package.feed_type).verdict(one.version)
        if verdict.passes:
            continue
        wants = (
            [f"VersionRange {rule.version_range}"]
            if not verdict.satisfies_range and rule.version_range
            else []
        )
        if not verdict.satisfies_tag:
            wants += [f"{name} {text}" for name, text in _tags(rule) if text]
        reason = " ".join(verdict.errors) or f"It wants {' and '.join(wants)}."
        yield (
            f"{where}: '{one.version}' of '{package.package_id or package.reference}' (step '{package.action}') does "
            f"not fit channel '{channel.name}'. {reason} Choose another version or channel, or set IgnoreChannelRules."
        )


def _tags(rule: ChannelRule) -> list[tuple[str, str | None]]:
    return [("Tag", rule.tag), ("VersionTagRegex", rule.version_tag_regex)]
