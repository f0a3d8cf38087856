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

_GUESSED_FIRST = frozenset(
    [
        "password",
        "password1",
        "password12",
        "password123",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "12345678",
        "123456789",
        "1234567890",
        "0123456789",
        "11111111",
        "00000000",
        "87654321",
        "987654321",
        "qwertyui",
        "qwertyuiop",
        "qwerty123",
        "1q2w3e4r",
        "1qaz2wsx",
        "abcd1234",
        "abc12345",
        "letmein1",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "trustno1",
        "welcome1",
        "welcome123",
        "changeme",
        "changeme1",
        "changeme123",
        "administrator",
        "admin123",
        "admin1234",
        "octopus1",
        "octopusdeploy",
        "gurita123",
        "gurita1234",
        "deployment",
    ]
)
"""What is tried first, folded. Such lists are long; this one keeps out what people type to get a form behind them."""

_hasher = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_pool = ThreadPoolExecutor(2, thread_name_prefix="password")


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def check(password: str, username: str) -> None:
    """Raises Invalid for a password that is too short, the username itself, or among the first anybody would try."""
    if len(password) < SHORTEST:
        raise Invalid(f"Password: must have at least {SHORTEST} characters.")
    if password.casefold() == username.casefold():
        raise Invalid("Password: must not be the username.")
    if password.casefold() in _GUESSED_FIRST or len(set(password)) < 3:
        raise Invalid("Password: is among those that are guessed first. Take a few words nobody else would.")


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
