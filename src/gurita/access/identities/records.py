"""The tables of identities. Times are milliseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from gurita.store.tables import metadata

__all__ = ["sign_in_attempt", "user_group", "user_identity"]

_Big = BigInteger().with_variant(Integer, "sqlite")

user_identity = Table(
    "user_identity",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), nullable=False),
    Column("provider", Text, ForeignKey("entity.id", ondelete="CASCADE"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("used", BigInteger),
    UniqueConstraint("provider", "subject"),
)
"""Who a user is to a provider. Only `provider` and `subject` identify; the rest is what was said at the last sign-in."""
Index("user_identity_user", user_identity.c.user)

user_group = Table(
    "user_group",
    metadata,
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), primary_key=True),
    Column("provider", Text, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)
"""The groups a provider said a user belongs to at the last sign-in; `group_id` is what teams name."""
Index("user_group_group", user_group.c.group_id)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),
    Column("provider", Text, ForeignKey("entity.id", ondelete="CASCADE"), nullable=False),
    Column("redirect", Text, nullable=False),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE")),
    Column("expires", BigInteger, nullable=False, index=True),
)
"""A sign-in that went to a provider and may come back once. `state` and `browser` are digests: of the state that comes
back, and of the cookie of the browser that left. `user` is who asked to add the identity to themselves, null for a sign-in."""
