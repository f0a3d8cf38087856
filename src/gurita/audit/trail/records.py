"""The tables of seals, their key, and archives."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from gurita.store.tables import metadata

__all__ = ["audit_archive", "audit_key", "audit_seal", "audit_setting"]

audit_key = Table(
    "audit_key",
    metadata,
    Column("name", Text, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("public", Text, nullable=False),
)
"""One row: the key heads are signed with. The private half is a secret under the root key."""

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("seal", Integer, primary_key=True, autoincrement=False),
    Column("sealed", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("chain", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("members", Text, nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("waiting", Text, nullable=False),
)
"""`members` is JSON, `[[number, content hash], …]` in the chain's order. `highest` is the highest number any seal up to this
one has; `waiting` are numbers below it that no seal has, since their transaction may not have ended (`gaps`)."""

audit_archive = Table(
    "audit_archive",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("begins", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("head", Text, nullable=False),
    Column("blob", Text),
)
"""Files with events that are no longer in the database. `first` and `last` are numbers of events, `begins` and `ends` when
they occurred (milliseconds); `head` is the signed head of the last seal inside. The row outlives its file (`blob` is null
then): the chain goes on from its head."""

audit_setting = Table(
    "audit_setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
"""JSON by name: how long events stay (`retention`), where they are sent (`stream`) and how far that is (`position`)."""
