"""The newest versions of packages nobody chose a version for, as the channel's rules want them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gurita.feeds import service as feeds
from gurita.formats.versions import VersionRule
from gurita.kernel.errors import Invalid, NotFound, Refused, Retryable
from gurita.lifecycles.rules import read_for, rule_packages
from gurita.releases.rules.packages import Wanted, selected

if TYPE_CHECKING:
    from gurita.feeds.service import FeedVersion
    from gurita.http.context import Context
    from gurita.lifecycles.resources import Channel
    from gurita.lifecycles.rules import RulePackage
    from gurita.releases.resources import SelectedPackage

__all__ = ["Search", "newest"]


@dataclass(frozen=True, slots=True)
class Search:
    """What versions are wanted: those the channel's rules let through, and with this pre-release.

    `pre_release` is a pattern as in a rule's Tag. With `ignore` the rules only say what is liked best.
    """

    channel: Channel
    packages: Sequence[RulePackage] = field(default_factory=list)
    pre_release: str = ""
    ignore: bool = False


async def newest(ctx: Context, wanted: Sequence[Wanted], search: Search) -> list[SelectedPackage]:
    """The newest fitting version of each package. Each package of a feed is asked for once, all at the same time.

    Raises Invalid with a sentence for each package that has none; what a feed that is away raises.
    """
    pairs = list(dict.fromkeys(_place(one) for one in wanted if one.is_resolvable))
    asked = [_versions(ctx, feed, package, search.pre_release) for feed, package in pairs]
    answers = dict(zip(pairs, await asyncio.gather(*asked), strict=True))
    for answer in answers.values():
        if isinstance(answer, Retryable):
            raise answer
    found, problems = [], []
    for one in wanted:
        version, problem = _chosen(one, answers.get(_place(one)), search)
        if problem:
            problems.append(f"SelectedPackages: step '{one.action.name}': {problem}")
        else:
            found.append(selected(one, version))
    if problems:
        raise Invalid(*problems)
    return found


def _place(one: Wanted) -> tuple[str, str]:
    return one.package.feed_id or feeds.BUILT_IN_ID, one.package.package_id or ""


async def _versions(ctx: Context, feed: str, package: str, pre_release: str) -> list[FeedVersion] | Refused:
    try:
        return await feeds.versions(ctx.services, ctx.space, feed, package, tag=pre_release)
    except NotFound:
        return Invalid(f"there is no feed '{feed}' in this space. Choose another one in the process.")
    except Refused as error:
        return error


def _chosen(one: Wanted, answer: list[FeedVersion] | Refused | None, search: Search) -> tuple[str, str]:
    """A version, or why there is none."""
    package = one.package.package_id or one.reference
    if answer is None:
        return "", (
            f"the package '{package}' is named by an expression, which is known only in a deployment. "
            "Give its version."
        )
    if isinstance(answer, Refused):
        return "", " ".join(answer.errors or [answer.message])
    if not answer:
        kind = f" with the pre-release '{search.pre_release}'" if search.pre_release else ""
        return "", f"its feed has no version of '{package}'{kind}. Push one, or give another version."
    rules = _rules(one, search)
    fitting = next((v.version for v in answer if all(r.verdict(v.version).passes for r in rules)), None)
    if fitting is None and search.ignore:
        fitting = answer[0].version
    if fitting is None:
        return "", (
            f"none of {len(answer)} versions of '{package}' fits the rules of channel '{search.channel.name}'. "
            "Push one that does, choose another channel, or set IgnoreChannelRules and a version."
        )
    return fitting, ""


def _rules(one: Wanted, search: Search) -> list[VersionRule]:
    mine = [each for each in search.packages if each.is_named(one.action.id, one.reference)]
    return [
        read_for(rule, package.feed_type)
        for package in mine
        for rule in search.channel.rules
        if rule_packages(rule, [package])
    ]
