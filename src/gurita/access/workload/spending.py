"""A token of another issuer is exchanged once: who finds it in a log of a pipeline comes too late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from gurita.access.credentials import digest
from gurita.access.providers.tokens import SKEW
from gurita.access.workload.records import used_token
from gurita.store.tx import Tx

__all__ = ["spend_in"]

_PURGE = delete(used_token).where(used_token.c.expires < bindparam("now"))
_KNOWN = select(used_token.c.digest).where(used_token.c.digest == bindparam("d"))


def spend_in(tx: Tx, claims: Mapping[str, Any], now: int) -> bool:
    """Notes that a verified token is used; False when it was before. One without `jti` says it may be used again.

    Of two nodes that are sent the same token at once, one fails with the database's refusal of the second row.
    """
    name = claims.get("jti")
    if not isinstance(name, str) or not name:
        return True
    tx.run(_PURGE, {"now": now})
    key = digest(f"{claims['iss']}\n{name}")
    if tx.scalar(_KNOWN, {"d": key}) is not None:
        return False
    tx.run(insert(used_token), {"digest": key, "expires": int((float(claims["exp"]) + SKEW) * 1000)})
    return True
