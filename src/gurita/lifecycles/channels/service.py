"""Channels: the common behaviour; exactly one of a project's is the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import field
from msgspec.structs import replace
from sqlalchemy import ColumnElement

from gurita.catalog.collection import Collection
from gurita.catalog.defaults import keep_one_default, must_not_be_default
from gurita.http.query import ListQuery
from gurita.kernel.errors import Invalid, NotFound
from gurita.lifecycles.records import CHANNELS
from gurita.lifecycles.resources import Channel
from gurita.lifecycles.rules import RulePackage, channel_problems, reference_problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = [
    "DEFAULT_NAME",
    "ChannelQuery",
    "channels",
    "create_default_in",
    "default_in",
    "delete_of_project_in",
    "get_in",
    "lifecycle_ids_in",
    "of_project_in",
    "packages_come_from",
    "packages_in",
]

DEFAULT_NAME = "Default"

PackagesOf = Callable[["Tx", "Context", str], Sequence[RulePackage] | None]
_SOURCES: list[PackagesOf] = []


class ChannelQuery(ListQuery):
    """What channels may be filtered by."""

    project_ids: list[str] = field(default_factory=list)


class Channels(Collection[Channel]):
    """The channels of a space's projects."""

    kind, body, item, query = CHANNELS, Channel, "Channel", ChannelQuery
    path = "channels"

    def permission_to(self, verb: str) -> str:
        """Channels belong to their projects."""
        return "ProjectView" if verb == "View" else "ProjectEdit"

    def problems(self, doc: Channel) -> Sequence[str]:
        return channel_problems(doc)

    def prepare(self, tx: Tx, ctx: Context, before: Channel | None, after: Channel) -> Channel:
        if before is not None and before.project_id != after.project_id:
            raise Invalid(
                f"ProjectId: the channel belongs to {before.project_id} and stays there. "
                f"Create another channel in {after.project_id}."
            )
        if after.rules and (
            problems := list(reference_problems(after, packages_in(tx, ctx.whole, after.project_id), before))
        ):
            raise Invalid(*problems)
        random = ctx.services.random
        after = replace(
            after,
            lifecycle_id=after.lifecycle_id or None,
            rules=[replace(rule, id=rule.id or random.guid(), links={}) for rule in after.rules],
            git_resource_rules=[
                replace(rule, id=rule.id or random.guid()) for rule in after.git_resource_rules
            ],
        )
        others = [
            one
            for one in of_project_in(tx, ctx.whole, after.project_id)
            if before is None or one.id != before.id
        ]
        return keep_one_default(
            before, after, others, lambda a, b: self.save_in(tx, ctx, a, b), self.words or "channel"
        )

    def deleting(self, tx: Tx, ctx: Context, doc: Channel) -> None:
        must_not_be_default(doc, "channel")

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        return [CHANNELS.table.c.project_id.in_(query.project_ids)] if query.project_ids else ()

    def links_of(self, links: Links, doc: Channel) -> dict[str, str]:
        return {**super().links_of(links, doc), "Project": links.space(f"projects/{doc.project_id}")}


channels = Channels()


def packages_come_from(source: PackagesOf) -> None:
    """Says who knows the packages of a project's process, which rules name. Called once, at import."""
    _SOURCES.append(source)


def packages_in(tx: Tx, ctx: Context, project_id: str) -> Sequence[RulePackage] | None:
    """The packages of a project's process; None for a project without one."""
    return next((found for source in _SOURCES if (found := source(tx, ctx, project_id)) is not None), None)


def get_in(tx: Tx, ctx: Context, id: str) -> Channel:
    """A channel by id. Names are unique only within a project: see `of_project_in`. Raises NotFound."""
    return channels.open(tx, ctx).get(id)


def of_project_in(tx: Tx, ctx: Context, project_id: str) -> list[Channel]:
    """All channels of a project by name."""
    return channels.open(tx, ctx).all(parent=project_id)


def lifecycle_ids_in(tx: Tx, ctx: Context, ids: Iterable[str]) -> dict[str, str | None]:
    """The lifecycles of channels that have one of their own, by the channels' ids."""
    found = CHANNELS.open(tx, ctx.space).all(where=[CHANNELS.c.id.in_(ids)])
    return {one.id: one.lifecycle_id for one in found}


def projects_through_in(tx: Tx, ctx: Context, lifecycle_id: str) -> set[str]:
    """The ids of projects that have a channel whose releases go through a lifecycle."""
    where = [CHANNELS.referring("LifecycleId", lifecycle_id)]
    return {one.project_id for one in channels.open(tx, ctx).all(where=where)}


def default_in(tx: Tx, ctx: Context, project_id: str) -> Channel:
    """The default channel of a project. Raises NotFound."""
    for channel in of_project_in(tx, ctx, project_id):
        if channel.is_default:
            return channel
    raise NotFound(f"default channel of {project_id}")


def create_default_in(tx: Tx, ctx: Context, project_id: str) -> Channel:
    """Makes the first channel of a new project, which is its default."""
    return channels.create_in(
        tx, ctx.whole, Channel(name=DEFAULT_NAME, project_id=project_id, is_default=True)
    )


def delete_of_project_in(tx: Tx, ctx: Context, project_id: str) -> None:
    """Deletes all channels of a project that goes. Raises Conflict while releases use them."""
    repository = channels.open(tx, ctx.whole)
    for channel in of_project_in(tx, ctx.whole, project_id):
        repository.delete(channel.id)
