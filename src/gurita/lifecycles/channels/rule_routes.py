"""`channels/rule-test`, and why a channel's rules let something through or not (api.md 4)."""

from __future__ import annotations

from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.lifecycles.channels.resources import (
    ExplainedPackage,
    ExplainedRule,
    ExplainedRules,
    RuleTest,
    RuleVerdict,
)
from gurita.lifecycles.channels.service import channels, packages_in
from gurita.lifecycles.resources import ChannelRule
from gurita.lifecycles.rules import RulePackage, read_for, rule_packages, stale_packages
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/channels/rule-test", permission="ProjectView")
async def rule_test(_call: Call, query: RuleTest) -> RuleVerdict:
    """Whether a version passes a version range and a pre-release tag."""
    return _verdict(query)


@_space.post("/channels/rule-test", permission="ProjectView", status=200)
async def rule_test_given(_call: Call, body: RuleTest) -> RuleVerdict:
    """Whether a version passes a version range and a pre-release tag."""
    return _verdict(body)


def _verdict(asked: RuleTest) -> RuleVerdict:
    feed_type = asked.feed_type or asked.feet_type or "NuGet"
    verdict = read_for(asked.as_rule(), feed_type).verdict(asked.version or "")
    return RuleVerdict(
        satisfies_version_range=verdict.satisfies_range,
        satisfies_pre_release_tag=verdict.satisfies_tag,
        is_valid=not verdict.errors,
        errors=list(verdict.errors),
    )


@_space.get("/channels/{id}/explain", permission="ProjectView")
async def explain(call: Call, id: str) -> ExplainedRules:
    """Which packages the rules of a channel are about now, and which parts of them have no effect."""

    def read(tx: Tx) -> ExplainedRules:
        channel = channels.get_in(tx, call.context, id)
        packages = packages_in(tx, call.context.whole, channel.project_id) or ()
        return ExplainedRules(
            rules=[_explained(rule, list(packages)) for rule in channel.rules],
            warnings=stale_packages(channel, packages),
        )

    return await call.services.store.read(read)


def _explained(rule: ChannelRule, packages: list[RulePackage]) -> ExplainedRule:
    found = []
    for one in rule.action_packages:
        action, reference = one.deployment_action or "", one.package_reference or ""
        package = next((p for p in packages if p.is_named(action, reference)), None)
        found.append(
            ExplainedPackage(
                deployment_action=action,
                package_reference=reference,
                is_known=package is not None,
                package_id=package.package_id if package else "",
                feed_type=package.feed_type if package else "",
            )
        )
    types = sorted({package.feed_type for package in rule_packages(rule, packages)})
    errors = dict.fromkeys(error for each in types for error in read_for(rule, each).errors)
    return ExplainedRule(id=rule.id, packages=found, errors=list(errors))


routes = _space.items
