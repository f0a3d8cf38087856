"""Moving old events out of the database into files that keep their place in the chain."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, func, insert, select, update

from gurita.audit import service as audit
from gurita.audit.records import event
from gurita.audit.trail.chain import Head
from gurita.audit.trail.exporting import opening_in, piece_in
from gurita.audit.trail.offline import Outside, verify_file
from gurita.audit.trail.records import audit_archive, audit_seal
from gurita.audit.trail.sealing import anchor_in
from gurita.audit.trail.settings import AuditStream, EventRetention, Position, read_in
from gurita.engine.schedules import Recurring
from gurita.kernel.errors import GuritaError, NotFound
from gurita.store.blob_keeping import keep, let_go_in

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["MOST_EVENTS", "archive", "archives_in", "archiving", "drop_in", "find_in", "name_of"]

MOST_EVENTS = 20_000
"""Events of one archive, about: whole seals go in."""

_DAY = 86_400_000
_EVERY = 3600.0
_MOST_FILES = 100
_AT_ONCE = 500
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Made:
    """A file with what its row says."""

    file: Path
    key: str
    head: Head
    numbers: list[int]
    begins: int
    ends: int


class _Overtaken(GuritaError):
    """Somebody else archived these events meanwhile."""


def archiving(system: Context) -> Recurring:
    """Once an hour, on one node: archives what is older than the setting says."""
    running: set[asyncio.Task[None]] = set()

    async def run(now: int) -> None:
        try:
            await archive(system, now)
        except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
            _log.exception("events could not be archived; the next round tries again")

    def start(now: int) -> None:
        task = asyncio.get_running_loop().create_task(run(now))
        running.add(task)
        task.add_done_callback(running.discard)

    def begin(tx: Tx, now: int) -> None:
        if read_in(tx, EventRetention).event_retention_days:
            tx.after_commit(lambda: start(now))

    return Recurring("event-archiving", _EVERY, begin)


async def archive(system: Context, now: int) -> int:
    """Archives everything that is old enough; the number of files. The last seal always stays.

    What the stream has not delivered yet stays, too.
    """
    store, count = system.services.store, 0
    while count < _MOST_FILES:
        last = await store.read(lambda tx: _last_due(tx, now))
        made = None if last is None else await _file(system, last)
        if made is None:
            break
        try:
            found = await asyncio.to_thread(verify_file, made.file, Outside(made.head.key))
            if not found.good:
                _log.error(
                    "events are not archived, since the trail is not as it was sealed: %s", found.findings[0]
                )
                break
            unit = _moving(system, made, now)
            await keep(store, system.services.blobs, [(made.file, made.key)], unit, now)
        except _Overtaken:
            break
        finally:
            made.file.unlink(missing_ok=True)
        count += 1
    return count


def _last_due(tx: Tx, now: int) -> int | None:
    """The newest seal that may go."""
    days = read_in(tx, EventRetention).event_retention_days
    if not days:
        return None
    old = audit_seal.c.sealed < now - days * _DAY
    newest = select(func.max(audit_seal.c.seal)).scalar_subquery()
    due = [old, audit_seal.c.seal < newest]
    if read_in(tx, AuditStream).is_enabled:
        due.append(audit_seal.c.seal <= read_in(tx, Position).seal)
    # Time may have been set back and forth: only an unbroken run from the beginning goes.
    kept = select(func.min(audit_seal.c.seal)).where(~old).scalar_subquery()
    found = tx.scalar(
        select(func.max(audit_seal.c.seal)).where(*due, audit_seal.c.seal < func.coalesce(kept, newest))
    )
    return None if found is None else int(found)


async def _file(system: Context, last: int) -> _Made | None:
    store, installation = system.services.store, system.services.installation_id
    anchor = await store.read(anchor_in)
    opening = await store.read(lambda tx: opening_in(tx, installation, anchor))
    handle, name = await asyncio.to_thread(tempfile.mkstemp, dir=system.services.blobs.incoming)
    made = _Made(Path(name), "", Head("", anchor.seal, 0, anchor.count, anchor.chain, ""), [], 1 << 62, 0)
    with open(handle, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(opening)
        while made.head.seal < last and len(made.numbers) < MOST_EVENTS:
            piece = await store.read(lambda tx: piece_in(tx, installation, made.head.seal))
            if piece is None or piece.head.seal > last:
                break
            await asyncio.to_thread(packed.write, piece.lines)
            made.head, made.begins = piece.head, min(made.begins, piece.begins)
            made.ends = max(made.ends, piece.ends)
            made.numbers += piece.numbers
    if not made.numbers:
        made.file.unlink()
        return None
    made.key = await asyncio.to_thread(lambda: hashlib.sha256(made.file.read_bytes()).hexdigest())
    return made


def _moving(system: Context, made: _Made, now: int) -> Callable[[Tx], None]:
    """The unit that writes the archive's row and removes its events."""

    def unit(tx: Tx) -> None:
        first = tx.scalar(select(func.min(audit_seal.c.seal)))
        number = (tx.scalar(select(func.max(audit_archive.c.number))) or 0) + 1
        if first is None or first != anchor_in(tx).seal + 1 or first > made.head.seal:
            raise _Overtaken("archived meanwhile")
        tx.run(
            insert(audit_archive).values(
                number=number, created=now, first=min(made.numbers), last=max(made.numbers), begins=made.begins,
                ends=made.ends, events=len(made.numbers), size=made.file.stat().st_size,
                head=msgspec.json.encode(made.head).decode(), blob=made.key,
            )
        )  # fmt: skip
        for at in range(0, len(made.numbers), _AT_ONCE):
            tx.run(delete(event).where(event.c.number.in_(made.numbers[at : at + _AT_ONCE])))
        tx.run(delete(audit_seal).where(audit_seal.c.seal <= made.head.seal))
        told = f"{len(made.numbers)} events up to {_day(made.ends)} were moved to archive {number}"
        audit.record(tx, system, "EventsArchived", told, [f"EventArchives-{number}"], space="")

    return unit


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d")


def name_of(row: RowMapping) -> str:
    """The name an archive is downloaded by."""
    return f"events-{row['number']:05d}-{_day(row['begins'])}-{_day(row['ends'])}.jsonl.gz"


def archives_in(tx: Tx) -> list[RowMapping]:
    """The archives whose files are there, newest first."""
    there = audit_archive.c.blob.is_not(None)
    return list(tx.all(select(audit_archive).where(there).order_by(audit_archive.c.number.desc())))


def find_in(tx: Tx, id: str) -> RowMapping:
    """One archive, by its id. Raises NotFound."""
    kind, _, number = id.partition("-")
    row = None
    if kind.lower() == "eventarchives" and number.isdecimal() and len(number) < 10:
        row = tx.one(
            select(audit_archive).where(
                audit_archive.c.number == int(number), audit_archive.c.blob.is_not(None)
            )
        )
    if row is None:
        raise NotFound(id)
    return row


def drop_in(tx: Tx, ctx: Context, id: str) -> None:
    """Removes an archive's file; its row stays, so that the chain still goes on from its head. Raises NotFound."""
    row = find_in(tx, id)
    tx.run(update(audit_archive).where(audit_archive.c.number == row["number"]).values(blob=None))
    let_go_in(tx, [row["blob"]], ctx.services.milliseconds())
    told = f"Archive {name_of(row)} with {row['events']} events was deleted"
    audit.record(tx, ctx, "Deleted", told, [f"EventArchives-{row['number']}"], space="")
