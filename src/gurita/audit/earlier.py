"""What documents were at an earlier moment: the changes since are undone, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from sqlalchemy import func, select

from gurita.audit.records import event, event_related
from gurita.audit.resources import ChangeDetails
from gurita.audit.rules import undone
from gurita.audit.trail.records import audit_archive
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import Invalid

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["earlier_in"]

D = TypeVar("D", bound=msgspec.Struct)

_details = msgspec.json.Decoder(ChangeDetails)
_related = msgspec.json.Decoder(tuple[str, ...])


def earlier_in(tx: Tx, space: str, id: str, now: D, moment: int, name: str) -> D | None:
    """The document `now` as it was at a moment (milliseconds since 1970); None before it was made.

    `name` is the member that asks for the moment. Raises Invalid if the trail does not reach back so far.
    """
    archived = tx.scalar(select(func.max(audit_archive.c.ends)).where(audit_archive.c.ends >= moment))
    if archived is not None:
        raise Invalid(
            f"{name}: the events up to {iso_of(archived)} were archived, so that what was before them is not known here."
            " Name a later moment."
        )
    rows = tx.all(
        select(event.c.related, event.c.changes, event.c.occurred)
        .join(event_related, event_related.c.event == event.c.number)
        .where(
            event_related.c.document == id,
            event.c.space == space,
            event.c.occurred > moment,
            event.c.changes.is_not(None),
        )
        .order_by(event.c.number.desc())
    )
    plain = msgspec.to_builtins(now, str_keys=True)
    for row in rows:
        if _related.decode(row["related"])[0] != id:
            continue
        try:
            plain = undone(plain, _details.decode(row["changes"]))
        except ValueError:
            raise Invalid(
                f"{name}: not all is known of what {id} was before its change of {iso_of(row['occurred'])}. Name a later moment."
            ) from None
        if plain is None:
            return None
    return msgspec.convert(plain, type(now))
