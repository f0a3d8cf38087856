"""The keys this server signs identity tokens with, as an issuer, and what it shows of them.

The private key is a secret like others. After a rotation the former public key is shown until nothing it signed is good.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import RowMapping, delete, insert, select, update

from gurita.access.workload.records import signing_key
from gurita.http.context import Services
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.store.tx import Tx

__all__ = ["LONGEST_LIFE", "ensure_key", "new_key", "present_in", "public_keys_in", "rotate_in", "signed_in"]

LONGEST_LIFE = timedelta(hours=24)
"""What is signed here lives no longer."""

_BITS = 2048
_ALGORITHM = "RS256"


def new_key() -> RSAKey:
    """A key of its own. Takes a moment of processor time: call it in a thread, outside of units."""
    return RSAKey.generate_key(_BITS, {"use": "sig", "alg": _ALGORITHM}, private=True)


def rotate_in(tx: Tx, services: Services, key: RSAKey) -> str:
    """From now on `key` signs; returns its id. Keys retired longer than tokens live are forgotten."""
    now, c = services.milliseconds(), signing_key.c
    tx.run(delete(signing_key).where(c.retired < now - int(LONGEST_LIFE.total_seconds() * 1000)))
    tx.run(update(signing_key).where(c.retired.is_(None)).values(retired=now))
    kid = key.thumbprint()
    private = msgspec.json.encode(key.as_dict(private=True)).decode()
    public = {**key.as_dict(private=False), "kid": kid}
    values = {
        "kid": kid,
        "secret": services.secrets.store_in(tx, "", Sensitive(private)),
        "public": msgspec.json.encode(public).decode(),
        "created": now,
    }
    tx.run(insert(signing_key), values)
    return kid


async def ensure_key(services: Services) -> None:
    """Makes the first key, if there is none yet. Two nodes that do so at once end with one that signs."""
    if await services.store.read(present_in) is None:
        key = await asyncio.to_thread(new_key)
        await services.store.write(lambda tx: None if present_in(tx) else rotate_in(tx, services, key))


def public_keys_in(tx: Tx) -> list[dict[str, Any]]:
    """The keys to be shown, the newest first."""
    rows = tx.all(select(signing_key.c.public).order_by(signing_key.c.created.desc()))
    return [msgspec.json.decode(row["public"]) for row in rows]


def present_in(tx: Tx) -> RowMapping | None:
    """The key that signs; None before the first was made."""
    c = signing_key.c
    return tx.one(select(signing_key).where(c.retired.is_(None)).order_by(c.created.desc()).limit(1))


def signed_in(tx: Tx, services: Services, issuer: str, claims: dict[str, Any], life: timedelta) -> str:
    """A token of this server with these claims, from now for `life`. Needs a key: see `ensure_key`. Raises LookupError."""
    row = present_in(tx)
    if row is None:
        raise LookupError("there is no signing key yet")
    key = RSAKey.import_key(msgspec.json.decode(reveal(services.secrets.open_in(tx, "", row["secret"]))))
    now = services.milliseconds() // 1000
    lasting = min(life, LONGEST_LIFE)
    times = {"iat": now, "nbf": now, "exp": now + int(lasting.total_seconds()), "jti": services.random.guid()}
    header = {"alg": _ALGORITHM, "kid": row["kid"]}
    return jwt.encode(header, {**claims, **times, "iss": issuer}, key, algorithms=[_ALGORITHM])
