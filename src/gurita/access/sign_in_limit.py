"""How often one may try to sign in: counted in the database, so that every node counts together.

Attempts are counted before the password is looked at, by name and address together, by name, and by address. Names
are compared as `name_key` does, so that other case, blanks or unseen characters win no further attempt (CVE-2022-2778).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from gurita.access.credentials import name_key
from gurita.access.records import sign_in
from gurita.http.errors import TooManyRequests
from gurita.store.tx import Tx

__all__ = ["WINDOW", "count_address", "count_attempt", "forgive"]

WINDOW = timedelta(minutes=5)
PER_NAME_AND_ADDRESS = 5
PER_NAME = 30
PER_ADDRESS = 100

_WINDOW_MS = int(WINDOW.total_seconds() * 1000)
_find = select(sign_in).where(sign_in.c.key == bindparam("k"))
_begin = insert(sign_in)
_more = update(sign_in).where(sign_in.c.key == bindparam("k")).values(count=sign_in.c.count + 1)
_forget = delete(sign_in).where(sign_in.c.key == bindparam("k"))
_less = (
    update(sign_in)
    .where(sign_in.c.key == bindparam("k"), sign_in.c.count > 0)
    .values(count=sign_in.c.count - 1)
)
_purge = delete(sign_in).where(sign_in.c.began <= bindparam("before"))


def count_attempt(tx: Tx, username: str, address: str, now: int) -> TooManyRequests | None:
    """Counts an attempt; the refusal is returned, not raised, so that the count stays."""
    return _counted(tx, _keys(username, address), now)


def count_address(tx: Tx, address: str, now: int) -> TooManyRequests | None:
    """Counts an attempt that names nobody: on its way to a provider, with a token or an invitation."""
    return _counted(tx, [(_key("nobody", address), PER_ADDRESS)], now)


def _counted(tx: Tx, keys: list[tuple[str, int]], now: int) -> TooManyRequests | None:
    tx.run(_purge, {"before": now - _WINDOW_MS})
    longest = max([_count(tx, key, most, now) for key, most in keys])
    if not longest:
        return None
    seconds = -(-longest // 1000)
    return TooManyRequests(f"Too many attempts to sign in. Try again in {seconds} seconds.", seconds=seconds)


def forgive(tx: Tx, username: str, address: str) -> None:
    """After a success the attempts of this name from this address count no more, nor does this one count otherwise."""
    both, *others = _keys(username, address)
    tx.run(_forget, {"k": both[0]})
    for key, _ in others:
        tx.run(_less, {"k": key})


def _keys(username: str, address: str) -> list[tuple[str, int]]:
    name = name_key(username)
    return [
        (_key("both", name, address), PER_NAME_AND_ADDRESS),
        (_key("name", name), PER_NAME),
        (_key("address", address), PER_ADDRESS),
    ]


def _key(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode(errors="surrogatepass")).hexdigest()


def _count(tx: Tx, key: str, most: int, now: int) -> int:
    """Milliseconds to wait: 0 within the limit."""
    row = tx.one(_find, {"k": key})
    if row is None:
        try:
            with tx.nested():
                tx.run(_begin, {"key": key, "began": now, "count": 1})
        except IntegrityError:  # another node was quicker
            tx.run(_more, {"k": key})
        return 0
    if row["count"] >= most:
        return max(1, int(row["began"]) + _WINDOW_MS - now)
    tx.run(_more, {"k": key})
    return 0
