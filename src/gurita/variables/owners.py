"""Who has variables, and what in it they may be scoped to. Owners register here, so that variables know none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gurita.variables.resources import ProcessReference, Reference

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Owner", "owned_by", "owner_in"]


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner's own things: actions of its process, channels, and the processes its variables may be limited to."""

    name: str
    actions: tuple[Reference, ...] = ()
    channels: tuple[Reference, ...] = ()
    processes: tuple[ProcessReference, ...] = ()


Describe = Callable[["Tx", "Context", str], Owner]
_DESCRIBES: dict[str, Describe] = {}


def owned_by(kind: str, describe: Describe) -> None:
    """Says how owners whose ids begin with `kind` are described. Called once, at import."""
    _DESCRIBES[kind] = describe


def owner_in(tx: Tx, ctx: Context, owner_id: str) -> Owner:
    """The owner's things; nothing for one whose kind nobody described."""
    describe = _DESCRIBES.get(owner_id.rpartition("-")[0])
    return describe(tx, ctx, owner_id) if describe else Owner(owner_id)
