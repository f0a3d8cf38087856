"""What may be asked of the rules of channels (api.md 4)."""

from __future__ import annotations

from msgspec import field

from gurita.http.wire import Wire
from gurita.lifecycles.resources import ChannelRule

__all__ = ["ExplainedPackage", "ExplainedRule", "ExplainedRules", "RuleTest", "RuleVerdict"]


class RuleTest(Wire):
    """A version, and the texts of a rule it is held against. `feet_type` is what older clients call the type of feed."""

    version: str | None = ""
    version_range: str | None = ""
    pre_release_tag: str | None = ""
    feed_type: str | None = ""
    feet_type: str | None = ""
    versioning_strategy: str | None = ""
    version_tag_regex: str | None = ""

    def as_rule(self) -> ChannelRule:
        """The same as a channel has it."""
        return ChannelRule(
            version_range=self.version_range,
            tag=self.pre_release_tag,
            versioning_strategy=self.versioning_strategy,
            version_tag_regex=self.version_tag_regex,
        )


class RuleVerdict(Wire):
    """What the rule says. `errors` tells which of the texts cannot be read, and why."""

    satisfies_version_range: bool
    satisfies_pre_release_tag: bool
    is_valid: bool
    errors: list[str] = field(default_factory=list)


class ExplainedPackage(Wire):
    """A package a rule is about. One the process no longer has is not known, and the rule has no effect for it."""

    deployment_action: str
    package_reference: str
    is_known: bool
    package_id: str = ""
    feed_type: str = ""


class ExplainedRule(Wire):
    """A rule with its packages as they are now."""

    id: str
    packages: list[ExplainedPackage] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class ExplainedRules(Wire):
    """The rules of a channel as they work now, and what has no effect any more."""

    rules: list[ExplainedRule] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
