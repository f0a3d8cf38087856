"""The tables of access. Times are milliseconds since 1970 in UTC; secrets are kept as digests only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from gurita.store.tables import metadata

__all__ = [
    "api_key",
    "api_key_use",
    "registration_token",
    "registration_use",
    "session",
    "session_token",
    "sign_in",
    "user_account",
]

_Big = BigInteger().with_variant(Integer, "sqlite")

user_account = Table(
    "user_account",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("username", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("is_service", Boolean, nullable=False),
    Column("password", Text),
    Column("created", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
)
"""The id is `Users-{number}`. `name_key` is the name as it is compared; `password` an argon2 hash, null for none."""

api_key = Table(
    "api_key",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger),
)
"""The id is `ApiKeys-{number}`. `digest` is the key's SHA-256, `hint` its first characters."""
Index("api_key_user", api_key.c.user)

api_key_use = Table(
    "api_key_use",
    metadata,
    Column("key", _Big, ForeignKey("api_key.number", ondelete="CASCADE"), primary_key=True),
    Column("used", BigInteger),
)
"""When a key was last used, to some minutes. Apart from the key, since even a refused request changes it."""

session = Table(
    "session",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False, index=True),
    Column("ip", Text, nullable=False),
    Column("user_agent", Text, nullable=False),
)
"""What proves who somebody is for a while: `kind` Session (a cookie, with the digest of its CSRF token) or Bearer."""
Index("session_user", session.c.user)

session_token = Table(
    "session_token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("session", _Big, ForeignKey("session.number", ondelete="CASCADE"), nullable=False, index=True),
    Column("made", BigInteger, nullable=False),
    Column("ends", BigInteger),
)
"""Tokens of a session beside its own: the next one, which waits for its first use (`ends` is null), and the former one,
which is good for a while longer. `made` is when the one was given out, or when the other was replaced."""

sign_in = Table(
    "sign_in",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("began", BigInteger, nullable=False, index=True),
    Column("count", Integer, nullable=False),
)
"""Attempts to sign in within a window, by the digest of a user's name, an address, or both."""

registration_token = Table(
    "registration_token",
    metadata,
    Column("number", _Big, primary_key=True, autoincrement=True),
    Column("user", _Big, ForeignKey("user_account.number", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("space", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("environments", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
)
"""One machine may register itself with it. `roles` and `environments` are JSON lists, `used` when it did."""

registration_use = Table(
    "registration_use",
    metadata,
    Column(
        "number",
        _Big,
        ForeignKey("registration_token.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("pools", Text, nullable=False),
    Column("machine", Text, nullable=False),
)
"""What is known of a registration token besides: the worker pools it gives (a JSON list; none for a target), and the id
of the machine that registered with it, empty until then."""
