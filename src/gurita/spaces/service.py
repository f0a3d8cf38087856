"""Spaces: the common behaviour, what comes with a new one, and finding one by what a path says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import delete, insert

from gurita.access.service import (
    ensure_built_in_in,
    ensure_managers_in,
    is_user,
    make_managers_in,
    managers_in,
    managing_teams_in,
    set_managers_in,
    set_managing_teams_in,
    set_private_in,
)
from gurita.catalog.collection import Collection
from gurita.catalog.defaults import keep_one_default
from gurita.engine.tables import stopped_queue
from gurita.engine.transitions import QUEUE
from gurita.feeds import service as feeds
from gurita.http.permissions import SIGNED_IN, Inside
from gurita.kernel.errors import Conflict, Forbidden, Invalid
from gurita.lifecycles import service as lifecycles
from gurita.machines.policies import service as policies
from gurita.machines.pools import service as pools
from gurita.projects.groups import service as groups
from gurita.spaces.records import SPACES
from gurita.spaces.resources import Space
from gurita.spaces.rules import problems, slug_for
from gurita.spaces.taken import TAKEN
from gurita.store.leaving import leaving_in, must_stay_in, staying

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.http.query import ListQuery
    from gurita.store.tx import Tx

__all__ = [
    "CHANGED",
    "DEFAULT_NAME",
    "all_in",
    "ensure_default",
    "ensure_default_in",
    "every_in",
    "get_in",
    "spaces",
]

DEFAULT_NAME = "Default"
CHANGED = "spaces"
"""Notified whenever a space was created, changed or deleted."""


class Spaces(Collection[Space]):
    """All spaces."""

    kind, body, item, level = SPACES, Space, "Space", "system"
    path, permission = "spaces", "Space"
    template = "{/id}{?name,skip,ids,take,partialName}"

    def problems(self, doc: Space) -> Sequence[str]:
        return problems(doc, TAKEN)

    def permission_to(self, verb: str) -> str:
        """Everybody is shown the spaces in which they may do anything; who changes one may hold that in it alone."""
        return {"View": SIGNED_IN, "Edit": Inside("SpaceEdit")}.get(verb, super().permission_to(verb))

    def must_in(self, tx: Tx, ctx: Context, permission: str, id: str) -> None:
        """Raises Forbidden unless a permission is held in the system or in the space itself.

        A space one does not see is refused like one that is not there.
        """
        if ctx.viewer.may(permission, ""):
            return
        found = self.open(tx, ctx).find(id)
        if found is None or not ctx.viewer.may(permission, found.id):
            raise Forbidden(permission, space=found.id if found else "")

    def modify_in(self, tx: Tx, ctx: Context, id: str, doc: Space) -> Space:
        self.must_in(tx, ctx, "SpaceEdit", id)
        return super().modify_in(tx, ctx, id, doc)

    def prepare(self, tx: Tx, ctx: Context, before: Space | None, after: Space) -> Space:
        if before is not None and before.is_default != after.is_default:
            ctx.must("SpaceEdit")  # it changes another space, too
        if not after.slug:
            after = replace(after, slug=slug_for(after.name, TAKEN))
        if before is None and after.task_queue_stopped:
            raise Invalid(
                "TaskQueueStopped: a new space begins with a running task queue. Stop it afterwards."
            )
        others = [one for one in all_in(tx, ctx.whole) if before is None or one.id != before.id]
        return keep_one_default(before, after, others, lambda a, b: self.save_in(tx, ctx, a, b), "space")

    def created(self, tx: Tx, ctx: Context, doc: Space) -> None:
        inside = ctx.within(doc.id)
        groups.create_default_in(tx, inside)
        lifecycles.create_default_in(tx, inside)
        policies.create_default_in(tx, inside)
        feeds.ensure_built_in_in(tx, inside, default=doc.is_default)
        pools.ensure_default_in(tx, inside)
        maker = [ctx.viewer.user_id] if is_user(ctx.viewer.user_id) else []
        make_managers_in(tx, doc.id, doc.name, [*doc.space_managers_team_members, *maker])
        set_managing_teams_in(tx, ctx, doc.id, doc.space_managers_teams, fresh=True)
        if doc.is_private:
            set_private_in(tx, doc.id, private=True)
        tx.notify(CHANGED, doc.id)

    def modified(self, tx: Tx, ctx: Context, before: Space, after: Space) -> None:
        if before.task_queue_stopped != after.task_queue_stopped:
            tx.run(delete(stopped_queue).where(stopped_queue.c.space == after.id))
            if after.task_queue_stopped:
                tx.run(insert(stopped_queue).values(space=after.id))
            tx.notify(QUEUE)
        if before.space_managers_team_members != after.space_managers_team_members:
            set_managers_in(tx, ctx, after.id, after.space_managers_team_members)
        if before.space_managers_teams != after.space_managers_teams:
            set_managing_teams_in(tx, ctx, after.id, after.space_managers_teams)
        if before.is_private != after.is_private:
            set_private_in(tx, after.id, private=after.is_private)
        tx.notify(CHANGED, after.id)

    def get_in(self, tx: Tx, ctx: Context, id: str) -> Space:
        """As everywhere. Raises Conflict, too, for a space that is being deleted."""
        found = self.known_in(tx, ctx, id)
        must_stay_in(tx, found.id)
        return found

    def known_in(self, tx: Tx, ctx: Context, id: str) -> Space:
        """The same, also for a space that is being deleted; with who manages it, as clients see it."""
        return self.present(tx, ctx, [super().get_in(tx, ctx, id)])[0]

    def filters(self, tx: Tx, ctx: Context, query: ListQuery) -> Sequence[ColumnElement[bool]]:
        return [staying(SPACES.c.id)]

    def present(self, tx: Tx, ctx: Context, docs: list[Space]) -> list[Space]:
        ids = [doc.id for doc in docs]
        members, teams = managers_in(tx, ids), managing_teams_in(tx, ids)
        return [
            replace(
                doc,
                space_managers_teams=teams[doc.id],
                space_managers_team_members=members.get(doc.id, []),
            )
            for doc in docs
        ]

    def links_of(self, links: Links, doc: Space) -> dict[str, str]:
        return {
            "Self": links.system(f"spaces/{doc.id}"),
            "SpaceHome": links.space(space_id=doc.id),
            "Web": links.web(doc.id),
            "Logo": links.system(f"spaces/{doc.id}/logo"),
            "Search": links.system(f"spaces/{doc.id}/search{{?keyword}}"),
        }


spaces = Spaces()


def all_in(tx: Tx, ctx: Context) -> list[Space]:
    """Every space the viewer sees by name, but those that are being deleted."""
    leaving = leaving_in(tx)
    return [space for space in every_in(tx, ctx) if space.id not in leaving]


def every_in(tx: Tx, ctx: Context) -> list[Space]:
    """Every space the viewer sees by name, also those that are being deleted."""
    return spaces.open(tx, ctx).all()


def get_in(tx: Tx, ctx: Context, id: str) -> Space:
    """A space by id, slug or name. Raises NotFound, also for one the viewer does not see."""
    return spaces.get_in(tx, ctx, id)


def ensure_default_in(tx: Tx, ctx: Context) -> Space:
    """The default space; made, with what belongs in it, where there is none yet. Older spaces get what came later."""
    ensure_built_in_in(tx)
    known = all_in(tx, ctx)
    for space in sorted(known, key=lambda one: not one.is_default):
        pools.ensure_default_in(tx, ctx.within(space.id))
        feeds.ensure_built_in_in(tx, ctx.within(space.id), default=space.is_default)
        ensure_managers_in(tx, space.id, space.name)
    for space in known:
        if space.is_default:
            return space
    return spaces.create_in(tx, ctx, Space(name=DEFAULT_NAME, is_default=True))


async def ensure_default(ctx: Context) -> Space:
    """The same in a unit of its own, also when another node starts at this moment and makes it first."""
    try:
        return await ctx.services.store.write(lambda tx: ensure_default_in(tx, ctx))
    except Conflict:
        return await ctx.services.store.write(lambda tx: ensure_default_in(tx, ctx))
