"""What planning asks of a space as it is now: the targets of an environment, and the feeds by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gurita.deployments.placing import SERVER_DISABLED
from gurita.deployments.rules import Machine
from gurita.feeds import service as feeds
from gurita.kernel.ids import folded
from gurita.machines import service as machines
from gurita.machines.rules import style_of

if TYPE_CHECKING:
    from gurita.feeds.resources import Feed
    from gurita.http.context import Context
    from gurita.machines.resources import Machine as Target
    from gurita.store.tx import Tx

__all__ = ["feeds_in", "machines_in"]

_KEYS: tuple[Callable[[Feed], str], ...] = (lambda f: f.name, lambda f: f.slug, lambda f: f.id)


def machines_in(tx: Tx, ctx: Context, environment_id: str, *, local: bool) -> tuple[Machine, ...]:
    """An environment's targets. One whose last check brought no runner has no Python. `local` allows the server itself."""
    return tuple(
        Machine(
            id=each.id,
            name=each.name,
            roles=tuple(each.roles),
            is_disabled=each.is_disabled,
            health=each.health_status,
            has_python=each.has_latest_calamari,
            refusal=_refusal_of(each, local=local),
        )
        for each in machines.in_environment_in(tx, ctx, environment_id)
    )


def _refusal_of(target: Target, *, local: bool) -> str:
    if not local and style_of(target.endpoint) == "None":
        return f"'{target.name}' is the server's own machine. {SERVER_DISABLED}"
    return machines.refusal_of(target)


def feeds_in(tx: Tx, ctx: Context) -> dict[str, str]:
    """The ids of the space's feeds by folded name, slug and id, in this order of weight; and what means the built-in one."""
    found = feeds.feeds.open(tx, ctx).all()
    named = {folded(key(each)): each.id for key in _KEYS for each in found}
    for each in found:
        if each.feed_type == "BuiltIn":
            named |= {"": each.id, feeds.BUILT_IN_ID: each.id}
    return named
