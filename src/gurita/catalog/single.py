"""Documents of which a place has one at most: as good as there, and empty, until somebody saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from gurita.audit import service as audit
from gurita.catalog.resource import Resource
from gurita.kernel.errors import NotFound

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.documents import DocumentKind
    from gurita.store.tx import Tx

__all__ = ["get_in", "save_in"]

Body = TypeVar("Body", bound=Resource)


def get_in(tx: Tx, ctx: Context, kind: DocumentKind[Body], id: str) -> Body:
    """The document with this id in the viewer's space; an empty one of version 0 while there is none."""
    try:
        return kind.open(tx, ctx.space).get(id)
    except NotFound:
        return kind.struct(id=id, space_id=ctx.space)


def save_in(tx: Tx, ctx: Context, kind: DocumentKind[Body], before: Body, wanted: Body, message: str) -> Body:
    """Puts `wanted` in the place of `before`, with one event that says `message`; nothing when they are equal."""
    wanted = replace(wanted, id=before.id, space_id=ctx.space, version=before.version)
    if wanted == before:
        return before
    repository = kind.open(tx, ctx.space)
    after = repository.update(wanted, before.version) if before.version else repository.insert(wanted)
    audit.record(tx, ctx, "Modified", message, [after.id], before=before, after=after)
    return after
