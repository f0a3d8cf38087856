"""Deltas between versions this server holds: made once of both files, kept, and sent to every target that has the older one.

A row without a blob says that a delta is not worth it. Deltas are kept a week after their last use.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gurita.engine.schedules import Recurring
from gurita.formats.octodiff import build_delta
from gurita.kernel.errors import GuritaError
from gurita.kernel.faults import fault
from gurita.packages.copies import copy_name
from gurita.packages.records import package_delta
from gurita.store.blob_keeping import keep, let_go_in

if TYPE_CHECKING:
    from gurita.http.context import Services
    from gurita.store.tx import Tx

__all__ = ["LARGEST", "LEAST", "Delta", "delta_between", "delta_trimming"]

LEAST, LARGEST = 256 << 10, 1 << 30
"""Bytes of packages a delta is made for: a small one is sent whole as fast, a larger one takes too long to compare."""

_WORTH = 0.8
"""Of the new package's size: a delta that is larger is not kept."""

_DAYS = 7
_TOUCH = 3_600_000
_EVERY = 3600.0
_T = package_delta
_log = logging.getLogger("gurita.packages")


@dataclass(frozen=True, slots=True)
class Delta:
    """A delta among the blobs. `blob` is its SHA-256."""

    blob: str
    size: int


_under_way: WeakKeyDictionary[Services, dict[tuple[str, str], asyncio.Task[Delta | None]]] = (
    WeakKeyDictionary()
)
_one_at_once = asyncio.Semaphore(1)


async def delta_between(services: Services, old: str, new: str, size: int) -> Delta | None:
    """The delta from one blob to another of `size` bytes; None when there is none that saves much, or none can be made now.

    Whoever asks while it is being made waits for the same one.
    """
    known, found = await services.store.read(lambda tx: _find(tx, old, new))
    if known:
        if found is not None:
            now = services.milliseconds()
            await services.store.write(lambda tx: _touch(tx, old, new, now))
        return found
    flights = _under_way.setdefault(services, {})
    task = flights.get((old, new))
    if task is None:
        task = flights[old, new] = asyncio.ensure_future(_make(services, old, new, int(size * _WORTH)))
        task.add_done_callback(lambda _: flights.pop((old, new), None))
    return await asyncio.shield(task)


def delta_trimming() -> Recurring:
    """Once an hour, on one node: deltas nobody used for a week go."""

    def begin(tx: Tx, now: int) -> None:
        late = _T.c.used < now - _DAYS * 86_400_000
        let_go_in(tx, [row["blob"] for row in tx.all(select(_T.c.blob).where(late))], now)
        tx.run(delete(_T).where(late))

    return Recurring("package-deltas", _EVERY, begin)


async def _make(services: Services, old: str, new: str, most: int) -> Delta | None:
    blobs = services.blobs
    try:
        async with _one_at_once:
            with copy_name(blobs) as before, copy_name(blobs) as after, copy_name(blobs) as made:
                await blobs.copy_to(old, before)
                await blobs.copy_to(new, after)
                found = await asyncio.to_thread(_built, before, after, made, most)
                fault("packages.delta")
                await _keep(services, old, new, found, made)
        return found
    except (GuritaError, OSError) as error:
        _log.warning("a delta could not be made, the whole package is sent: %s", error)
        return None


async def _keep(services: Services, old: str, new: str, found: Delta | None, made: Path) -> None:
    now = services.milliseconds()

    def unit(tx: Tx) -> None:
        _note(tx, old, new, found, now)

    if found is None:
        await services.store.write(unit)
    else:
        await keep(services.store, services.blobs, [(made, found.blob)], unit, now)


def _built(before: Path, after: Path, made: Path, most: int) -> Delta | None:
    with (
        before.open("rb") as old,
        after.open("rb") as new,
        mmap.mmap(old.fileno(), 0, access=mmap.ACCESS_READ) as source,
        mmap.mmap(new.fileno(), 0, access=mmap.ACCESS_READ) as target,
    ):
        with made.open("wb") as into:
            size = build_delta(source, target, into, most)
        if not size:
            return None
    with made.open("rb") as file:
        return Delta(hashlib.file_digest(file, "sha256").hexdigest(), size)


def _find(tx: Tx, old: str, new: str) -> tuple[bool, Delta | None]:
    row = tx.one(select(_T).where(_T.c.old == old, _T.c.new == new))
    if row is None:
        return False, None
    return True, Delta(row["blob"], row["size"]) if row["blob"] else None


def _touch(tx: Tx, old: str, new: str, now: int) -> None:
    tx.run(update(_T).where(_T.c.old == old, _T.c.new == new, _T.c.used < now - _TOUCH).values(used=now))


def _note(tx: Tx, old: str, new: str, found: Delta | None, now: int) -> None:
    insert = sqlite.insert(_T) if tx.dialect == "sqlite" else postgresql.insert(_T)
    values = {"blob": found.blob if found else None, "size": found.size if found else 0, "used": now}
    tx.run(
        insert.values(old=old, new=new, **values).on_conflict_do_update(
            index_elements=["old", "new"], set_=values
        )
    )
