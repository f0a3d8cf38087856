"""The tables of programs' identities and of the keys this server signs with. Times are milliseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from gurita.store.tables import metadata

__all__ = ["oidc_identity", "signing_key", "used_token"]

_Big = BigInteger().with_variant(Integer, "sqlite")

oidc_identity = Table(
    "oidc_identity",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
)
"""Whose tokens a service account's may be exchanged for: `subject` may hold the wildcards of `rules.subjects`."""
Index("oidc_identity_user", oidc_identity.c.user)

signing_key = Table(
    "signing_key",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("secret", Text, nullable=False),
    Column("public", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("retired", BigInteger),
)
"""Keys this server signs tokens with, as an issuer: `secret` is the id of the private one, `public` a JSON Web Key.

The newest without `retired` signs; the others are shown until what they signed has expired.
"""

used_token = Table(
    "used_token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("expires", BigInteger, nullable=False, index=True),
)
"""Tokens that were exchanged, by a digest of issuer and `jti`, until nobody would believe them any more."""
