"""Passwords: argon2id, off the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gurita.kernel.errors import Invalid

__all__ = ["SHORTEST", "check", "hash_password", "verify"]

SHORTEST = 8
"""Characters of the shortest password."""

_hasher = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_pool = ThreadPoolExecutor(2, thread_name_prefix="password")


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def check(password: str, username: str) -> None:
    """Raises Invalid for a password that is too short or the username itself."""
    if len(password) < SHORTEST:
        raise Invalid(f"Password: must have at least {SHORTEST} characters.")
    if password.casefold() == username.casefold():
        raise Invalid("Password: must not be the username.")


async def hash_password(password: str) -> str:
    """What is stored of a password."""
    return await asyncio.get_running_loop().run_in_executor(_pool, _hasher.hash, password)


async def verify(stored: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long where there is none to compare with, so that names cannot be guessed."""
    fits = await asyncio.get_running_loop().run_in_executor(_pool, _fits, stored, password)
    return fits and stored is not None


def _fits(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
