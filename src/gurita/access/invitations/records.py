"""The table of invitations. Times are milliseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from gurita.store.tables import metadata

__all__ = ["invitation"]

_Big = BigInteger().with_variant(Integer, "sqlite")

invitation = Table(
    "invitation",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("inviter", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), nullable=False),
    Column("teams", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False, index=True),
)
"""The code is stored as its digest; `teams` is a JSON list of ids. It is gone when it was used, or its inviter is."""
