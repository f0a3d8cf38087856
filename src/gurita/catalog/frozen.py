"""Documents frozen for a release, under ids that say what of and when: `deploymentprocess-Projects-1-s-3-ABCDE`.

The content is stored once a space however often it is frozen; an id is a name for it. What is saved as a new version
without a change gets another id and no second copy.
"""

from __future__ import annotations

import base64
import re

import msgspec
from sqlalchemy import Column, Table, Text, select
from sqlalchemy.dialects import postgresql, sqlite

from gurita.kernel.errors import NotFound
from gurita.store import snapshots
from gurita.store.tables import metadata
from gurita.store.tx import Tx

__all__ = ["freeze_in", "frozen", "is_frozen", "live_id", "thaw_in"]

frozen = Table(
    "frozen",
    metadata,
    Column("space_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("content", Text, nullable=False),
)
"""`content` is the hash under which the snapshot is stored."""

_ID = re.compile(r"(?P<live>.+)-s-(?P<version>\d{1,9})-[A-Z2-7]{5}", re.ASCII)
_INSERT = {
    "sqlite": sqlite.insert(frozen).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(frozen).on_conflict_do_nothing(),
}


def is_frozen(id: str) -> bool:
    """Whether an id is of this form."""
    return _ID.fullmatch(id) is not None


def live_id(id: str) -> tuple[str, int]:
    """Of what a frozen id is, and at which version. A live id is its own, at version 0."""
    match = _ID.fullmatch(id)
    return (match["live"], int(match["version"])) if match else (id, 0)


def freeze_in(tx: Tx, space: str, id: str, version: int, content: msgspec.Struct) -> str:
    """Keeps a copy of a document's content and returns the copy's id; the same for the same content and version."""
    kind = id.partition("-")[0]
    content_id = snapshots.keep_in(tx, space, kind, content)
    short = base64.b32encode(bytes.fromhex(content_id))[:5].decode()
    made = f"{id}-s-{version}-{short}"
    tx.run(_INSERT[tx.dialect], {"space_id": space, "id": made, "content": content_id})
    return made


def thaw_in(tx: Tx, space: str, id: str) -> bytes:
    """The JSON of a frozen document's content. Raises NotFound, also for another space's."""
    content_id = tx.scalar(select(frozen.c.content).where(frozen.c.space_id == space, frozen.c.id == id))
    if content_id is None:
        raise NotFound(id)
    return snapshots.get_in(tx, space, id.partition("-")[0], content_id)
