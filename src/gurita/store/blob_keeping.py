"""Blobs that rows point to: stored before the row that names them, removed after the last row that did.

The same content is one blob, whoever stored it: a package in two spaces, an artifact that is also a package. So nobody
deletes a blob. Who stores one uses `keep`; who drops a row that named one says so with `let_go_in`; and `collect` removes,
an hour later, what no row names.

A blob's row in `blob_mark` is how the three agree. `WAITING`: it may have to go; `GOING`: somebody is removing it; `GONE`: it
was removed. `keep` sets WAITING before the file is moved in (so that a crash leaves nothing for ever), and its unit takes the
mark away together with writing the row. A unit that finds the blob was removed meanwhile is done again, from the file.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import BigInteger, Column, Integer, String, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gurita.kernel.errors import GuritaError, Unavailable
from gurita.kernel.faults import fault
from gurita.store.tables import metadata

if TYPE_CHECKING:
    from gurita.store.blobs import Blobs
    from gurita.store.db import Store
    from gurita.store.tx import Tx

__all__ = ["GRACE", "blob_mark", "collect", "keep", "let_go_in"]

T = TypeVar("T")

GRACE = 3_600_000
"""Milliseconds a blob that nobody names is kept, and a mark that it was removed."""

WAITING, GOING, GONE = 0, 1, 2

_STALLED = 600_000
_ATTEMPTS = 50
_AT_ONCE = 200

blob_mark = Table(
    "blob_mark",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("state", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)
"""Blobs that may have to go. `since` is in milliseconds since 1970."""


class _Collected(GuritaError):
    """Somebody removed the blob after the file was moved in: move it in again."""


async def keep(
    store: Store, blobs: Blobs, files: Sequence[tuple[Path, str]], unit: Callable[[Tx], T], now: int
) -> T:
    """Moves files of `blobs.incoming` in under their SHA-256 and runs the unit that writes the rows naming them.

    What `unit` gives. When it raises, files that no row names are removed again. The files themselves stay where they are
    (another name of the same content) and are the caller's to remove. Raises what `unit` raises, NoSpace, Unavailable.
    """
    keys = sorted({key for _, key in files})
    for _ in range(_ATTEMPTS):
        seen = await store.write(lambda tx: _intend(tx, keys, now))
        if GOING in seen.values():
            await asyncio.sleep(0.2)
            continue
        try:
            for file, key in files:
                await _move_in(blobs, file, key)
            return await store.write(lambda tx, known=seen: _kept(tx, keys, known, unit))  # type: ignore[misc]
        except _Collected:
            continue
        except BaseException:
            await asyncio.shield(_take_back(store, blobs, keys, now))
            raise
    raise Unavailable("A file of the same content is being removed. Send it again in a moment.")


def let_go_in(tx: Tx, keys: Iterable[str | None], now: int) -> None:
    """Says that a row that named these blobs is gone, or about to go in this unit. Nothing happens before `GRACE` is over."""
    for key in {key for key in keys if key}:
        tx.run(_upsert(tx).values(key=key, state=WAITING, since=now).on_conflict_do_nothing())


async def collect(store: Store, blobs: Blobs, now: int) -> int:
    """Removes what has waited long enough and is named by no row; the number of blobs removed."""
    going = await store.write(lambda tx: _claim_old(tx, now))
    for key in going:
        fault("blobs.before-delete")
        await blobs.delete(key)
    await store.write(lambda tx: _gone(tx, going, now))
    return len(going)


async def _move_in(blobs: Blobs, file: Path, key: str) -> None:
    twin = file.with_name(file.name + ".in")
    await asyncio.to_thread(_second_name, file, twin)
    try:
        await blobs.adopt(twin, key)
    finally:
        twin.unlink(missing_ok=True)


def _second_name(file: Path, twin: Path) -> None:
    try:
        os.link(file, twin)
    except FileNotFoundError:
        raise Unavailable("A file of the same content was removed meanwhile. Send it again.") from None
    except OSError:  # some network shares have no second names: then there is one attempt
        file.rename(twin)


def _intend(tx: Tx, keys: list[str], now: int) -> dict[str, int]:
    """What is marked of these blobs; those without a mark wait from now on."""
    marks = {row["key"]: row["state"] for row in tx.all(select(blob_mark).where(blob_mark.c.key.in_(keys)))}
    waiting = (blob_mark.c.key.in_(keys)) & (blob_mark.c.state == WAITING)
    tx.run(update(blob_mark).where(waiting).values(since=now))
    for key in keys:
        if key not in marks:
            tx.run(_upsert(tx).values(key=key, state=WAITING, since=now).on_conflict_do_nothing())
    return marks


def _kept(tx: Tx, keys: list[str], seen: dict[str, int], unit: Callable[[Tx], T]) -> T:
    for key in keys:
        good = [WAITING, GONE] if seen.get(key) == GONE else [WAITING]
        taken = tx.run(delete(blob_mark).where(blob_mark.c.key == key, blob_mark.c.state.in_(good)))
        if taken.rowcount == 0 and tx.one(select(blob_mark.c.key).where(blob_mark.c.key == key)) is not None:
            raise _Collected
    return unit(tx)


async def _take_back(store: Store, blobs: Blobs, keys: list[str], now: int) -> None:
    """Removes what was moved in for a unit that failed, unless somebody else names it or is about to."""

    def claim(tx: Tx) -> list[str]:
        named = _named(tx, keys)
        tx.run(delete(blob_mark).where(blob_mark.c.key.in_(named), blob_mark.c.state == WAITING))
        return [key for key in keys if key not in named and _going(tx, key, now)]

    going = await store.write(claim)
    for key in going:
        await blobs.delete(key)
    await store.write(lambda tx: _gone(tx, going, now))


def _claim_old(tx: Tx, now: int) -> list[str]:
    old = (blob_mark.c.since < now - GRACE) | (blob_mark.c.since > now + GRACE)  # or the clock was set back
    tx.run(delete(blob_mark).where(blob_mark.c.state == GONE, old))
    stalled = (blob_mark.c.state == GOING) & (blob_mark.c.since < now - _STALLED)
    found = tx.all(select(blob_mark).where(((blob_mark.c.state == WAITING) & old) | stalled).limit(_AT_ONCE))
    named = _named(tx, [row["key"] for row in found])
    tx.run(delete(blob_mark).where(blob_mark.c.key.in_(named), blob_mark.c.state == WAITING))
    again = [row["key"] for row in found if row["state"] == GOING]
    fresh = [row["key"] for row in found if row["state"] == WAITING and row["key"] not in named]
    return again + [key for key in fresh if _going(tx, key, now)]


def _going(tx: Tx, key: str, now: int) -> bool:
    """Whether this unit is the one that may remove the blob."""
    waiting = (blob_mark.c.key == key) & (blob_mark.c.state == WAITING)
    return tx.run(update(blob_mark).where(waiting).values(state=GOING, since=now)).rowcount == 1


def _gone(tx: Tx, keys: list[str], now: int) -> None:
    mine = blob_mark.c.key.in_(keys) & (blob_mark.c.state == GOING)
    tx.run(update(blob_mark).where(mine).values(state=GONE, since=now))


def _named(tx: Tx, keys: list[str]) -> set[str]:
    """Those of the blobs that a row of any table names: in its column `blob`, or one that ends like that."""
    found: set[str] = set()
    for table in metadata.tables.values():
        for column in table.c:
            if column.name == "blob" or column.name.endswith("_blob"):
                found |= {row[column.name] for row in tx.all(select(column).where(column.in_(keys)))}
    return found


def _upsert(tx: Tx) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(blob_mark) if tx.dialect == "sqlite" else postgresql.insert(blob_mark)
