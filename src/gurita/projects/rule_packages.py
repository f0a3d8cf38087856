"""The packages of deployment processes as the rules of channels name them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gurita.kernel.errors import NotFound
from gurita.kernel.ids import folded
from gurita.lifecycles.channels import service as channels
from gurita.lifecycles.rules import RulePackage
from gurita.projects.processes import get_in, id_of
from gurita.projects.resources import DeploymentProcess
from gurita.store.kinds import KINDS
from gurita.store.repository import Repository

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["rule_packages_in"]


def rule_packages_in(tx: Tx, ctx: Context, process: DeploymentProcess) -> list[RulePackage]:
    """All packages of a process, also of steps that are disabled, with the type of feed each comes from."""
    type_of = _feed_types(tx, ctx)
    return [
        RulePackage(
            action=action.name or step.name,
            names=frozenset(
                folded(name) for name in (action.name, action.slug, action.id, step.name) if name
            ),
            reference=package.name or "",
            package_id=package.package_id or "",
            feed_type=type_of(package.feed_id or ""),
        )
        for step in process.steps
        for action in step.actions
        for package in action.packages
    ]


def _feed_types(tx: Tx, ctx: Context) -> Callable[[str], str]:
    """The type of a feed by its id or name; empty for a feed that is not known here, as `#{…}` is not."""
    known = {"feeds-builtin": "BuiltIn"}

    def type_of(feed: str) -> str:
        if feed not in known:
            found = (
                Repository(KINDS["Feeds"], tx, ctx.space, None).find(feed)
                if feed and "Feeds" in KINDS
                else None
            )
            known[feed] = str(found.feed_type) if found is not None else ""
        return known[feed]

    return type_of


def _of_project(tx: Tx, ctx: Context, project_id: str) -> list[RulePackage] | None:
    try:
        return rule_packages_in(tx, ctx, get_in(tx, ctx, id_of(project_id)))
    except NotFound:
        return None


channels.packages_come_from(_of_project)
