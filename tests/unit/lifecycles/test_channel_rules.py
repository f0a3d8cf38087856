"""Which packages and versions a channel's rules are about, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from gurita.lifecycles.resources import ActionPackage, Channel, ChannelRule
from gurita.lifecycles.rules import (
    Chosen,
    RulePackage,
    channel_problems,
    channel_rule_problems,
    reference_problems,
    stale_packages,
)

WEB = RulePackage(
    "Deploy web", frozenset({"deploy web", "deploy-web", "actions-1"}), "", "Acme.Web", "BuiltIn"
)
LIB = RulePackage("Deploy web", WEB.names, "tools", "Acme.Tools", "BuiltIn")
JAR = RulePackage("Deploy jar", frozenset({"deploy jar"}), "", "acme:shop", "Maven")
PACKAGES = [WEB, LIB, JAR]


def rule(range_text: str = "", tag: str = "", *packages: RulePackage, **more: Any) -> ChannelRule:
    about = [ActionPackage(deployment_action=one.action, package_reference=one.reference) for one in packages]
    return ChannelRule(version_range=range_text, tag=tag, action_packages=about, **more)


def channel(*rules: ChannelRule) -> Channel:
    return Channel(name="Stable", project_id="Projects-1", rules=list(rules))


STABLE = channel(rule("[1.0,2.0)", "^$", WEB))


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (Chosen("Deploy web", "", "1.5.0"), ""),
        (Chosen("DEPLOY-WEB", "", "1.5.0"), ""),
        (Chosen("Deploy web", "tools", "9.0"), ""),
        (Chosen("Deploy jar", "", "9.0-SNAPSHOT"), ""),
        (Chosen("Deploy web", "", "2.0.0"), "It wants VersionRange [1.0,2.0). "),
        (Chosen("Deploy web", "", "1.5.0-beta"), "It wants Tag ^$. "),
        (Chosen("actions-1", "", "2.5.0-beta"), "It wants VersionRange [1.0,2.0) and Tag ^$. "),
        (Chosen("Deploy web", "", "newest one"), "Version: 'newest one' is not"),
    ],
)
def test_a_version_fits_a_channel_or_is_told_what_it_wants(chosen: Chosen, says: str) -> None:
    problems = channel_rule_problems(STABLE, [chosen], PACKAGES)
    assert bool(problems) == bool(says)
    for problem in problems:
        assert problem.startswith(
            f"SelectedPackages[0].Version: '{chosen.version}' of 'Acme.Web' (step 'Deploy web')"
        )
        assert says in problem


def test_every_rule_about_a_package_must_pass() -> None:
    both = channel(rule("[1.0,)", "", WEB), rule("", "^$", WEB, JAR))
    chosen = [
        Chosen("Deploy web", "", "0.9-a"),
        Chosen("Deploy jar", "", "1-SNAPSHOT"),
        Chosen("Gone", "", "0"),
    ]
    assert len(channel_rule_problems(both, chosen, PACKAGES)) == 3


def test_a_range_is_read_as_its_feed_reads_it() -> None:
    told = channel(rule("[1.0,2.0),[3.0,)", "", JAR))
    assert not list(reference_problems(told, PACKAGES, None))
    assert not channel_rule_problems(told, [Chosen("Deploy jar", "", "3.1")], PACKAGES)
    assert channel_rule_problems(told, [Chosen("Deploy jar", "", "2.1")], PACKAGES)


def test_rules_are_ignored_only_where_the_project_allows_it() -> None:
    bad = [Chosen("Deploy web", "", "3.0")]
    assert channel_rule_problems(STABLE, bad, PACKAGES, ignore=True) == []
    refused = channel_rule_problems(STABLE, bad, PACKAGES, ignore=True, may_ignore=False)
    assert refused[0].startswith("IgnoreChannelRules: ")
    assert refused[1].startswith("SelectedPackages[0].Version: ")
    good = [Chosen("Deploy web", "", "1.0")]
    assert channel_rule_problems(STABLE, good, PACKAGES, ignore=True, may_ignore=False) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (rule("[2.0,1.0]", "", WEB), "Rules[0].VersionRange: "),
        (rule("", "(", WEB), "Rules[0].Tag: "),
        (rule("", "", WEB, version_tag_regex="("), "Rules[0].VersionTagRegex: "),
        (rule("1.0", "", JAR), "Rules[0].VersionRange: "),
        (rule("1.0", "", WEB, JAR), "Rules[0].VersionRange: "),
        (rule("[1,2],[3,4]", "", WEB), "Rules[0].VersionRange: "),
        (rule("nonsense!"), "Rules[0].VersionRange: "),
        (
            rule("1.0", "", RulePackage("No", frozenset(), "")),
            "Rules[0].ActionPackages[0].DeploymentAction: ",
        ),
        (
            rule("1.0", "", RulePackage("Deploy web", frozenset(), "x")),
            "Rules[0].ActionPackages[0].PackageReference: ",
        ),
        (rule("1.0", "", WEB), ""),
        (rule("1.0"), ""),
        (rule("[1,2],[3,4]"), ""),
        (rule("", "^$", WEB, LIB, JAR), ""),
    ],
)
def test_a_rule_that_is_saved_can_be_read_and_names_what_there_is(given: ChannelRule, says: str) -> None:
    problems = list(reference_problems(channel(given), PACKAGES, None))
    assert [problem for problem in problems if not problem.startswith(says)] == []
    assert len(problems) == (1 if says else 0)


def test_what_a_rule_named_before_may_be_gone_and_is_told() -> None:
    kept = channel(rule("1.0", "", RulePackage("Gone", frozenset(), "x"), WEB))
    assert len(list(reference_problems(kept, PACKAGES, None))) == 1
    assert list(reference_problems(kept, PACKAGES, kept)) == []
    (told,) = stale_packages(kept, PACKAGES)
    assert told.startswith(
        "Rules[0].ActionPackages[0]: step 'Gone' with the package reference 'x' is no longer in "
    )


def test_without_a_process_only_the_texts_are_read() -> None:
    assert list(reference_problems(STABLE, None, None)) == []
    assert len(list(reference_problems(channel(rule("[1.0")), None, None))) == 1


def test_a_rule_that_lets_everything_through_is_refused() -> None:
    assert channel_problems(channel(rule()))[0].startswith("Rules[0]: allows every version.")
