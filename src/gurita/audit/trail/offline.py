"""Verifying a database or a file without a server: whoever can read them can check them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, create_engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from gurita.audit.records import event
from gurita.audit.trail.chain import Head, row_hash, signature_holds
from gurita.audit.trail.file_format import NoTrail, links_of, read_opening
from gurita.audit.trail.gaps import Gap
from gurita.audit.trail.keys import NAME
from gurita.audit.trail.numbers import Numbers
from gurita.audit.trail.records import audit_archive, audit_key, audit_seal
from gurita.audit.trail.sealing import head_of
from gurita.audit.trail.verifying import Link, Result, check_outside, follow
from gurita.kernel.errors import Terminal
from gurita.store.tables import installation

__all__ = ["CannotVerify", "Outside", "verify_database", "verify_file"]

_AT_ONCE = 500


class CannotVerify(Terminal):
    """There is nothing that could be verified."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known from elsewhere: the public key (hexadecimal, "" when not) and heads with where they are from."""

    key: str = ""
    heads: tuple[tuple[str, Head], ...] = ()

    @property
    def by_seal(self) -> dict[int, Head]:
        return {head.seal: head for _, head in self.heads}


def verify_file(path: Path, outside: Outside, result: Result | None = None) -> Result:
    """An export or archive, packed with gzip or not. With `result` it must go on where that ended. Raises NoTrail."""
    fresh = result is None
    result = result or Result()
    with _opened(path) as file:
        lines = iter(file)
        opening = read_opening(lines)
        if fresh:
            result.anchor = opening.after
        elif result.anchor != opening.after:
            result.note(
                "missing",
                path.name,
                f"does not go on where the one before ends, after seal {result.anchor.seal}.",
            )
            result.anchor = opening.after
        follow(links_of(lines), result, outside.key or opening.key, outside.by_seal)
    return result


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            yield file
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        raise NoTrail(f"{path} cannot be read: {error}.") from error


def verify_database(url: str, outside: Outside, blobs: Path | None = None) -> Result:
    """A database, `sqlite:///path` or `postgresql://…`, read only; its archives first as far as their files are in `blobs`.

    Raises CannotVerify.
    """
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            if not inspect(connection).has_table(audit_seal.name):
                raise CannotVerify(
                    "This database has no sealed audit trail: it is of a version before, or of something else."
                )
            return _Database(connection, outside, blobs).verified()
    except DBAPIError as error:
        raise CannotVerify(f"The database cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "").absolute()
        if not path.is_file():
            raise CannotVerify(f"There is no database {path}.")
        return create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    return create_engine(parsed.set(drivername="postgresql+psycopg"))


class _Database:
    def __init__(self, connection: Connection, outside: Outside, blobs: Path | None) -> None:
        self._ask, self._outside, self._blobs = connection, outside, blobs
        self._id = str(connection.execute(select(installation.c.id)).scalar())
        kept = connection.execute(select(audit_key.c.public).where(audit_key.c.name == NAME)).scalar()
        self._key = outside.key or next((head.key for _, head in outside.heads), "") or str(kept or "")

    def verified(self) -> Result:
        result = Result()
        for row in self._ask.execute(select(audit_archive).order_by(audit_archive.c.number)).mappings():
            self._archive(row, result)
        archived, result.sealed = result.anchor.seal, Numbers()
        follow(self._links(), result, self._key, self._outside.by_seal)
        self._others(result)
        if self._ask.dialect.name == "sqlite":
            _passed_over(result)
        mine = [(place, head) for place, head in self._outside.heads if head.installation == self._id]
        check_outside(result, mine, self._key, archived)
        return result

    def _archive(self, row: RowMapping, result: Result) -> None:
        name = f"archive {row['number']}"
        try:
            head = msgspec.json.decode(row["head"], type=Head)
        except msgspec.MsgspecError:
            result.note("altered", name, "what the database says of its end cannot be read.")
            return
        file = None if self._blobs is None or not row["blob"] else self._blobs / row["blob"][:2] / row["blob"]
        if file is not None and file.is_file():
            try:
                verify_file(file, Outside(self._key, self._outside.heads), result)
            except NoTrail as error:
                result.note("altered", name, str(error))
            if result.anchor != head.anchor:
                result.note(
                    "altered",
                    name,
                    f"its file ends with seal {result.anchor.seal}, not with the one the database says.",
                )
        if head.key != self._key or not signature_holds(head):
            result.note("forged", name, "the head of its end is not signed with the key of this trail.")
        result.anchor = head.anchor

    def _links(self) -> Iterator[Link]:
        at = -1
        while True:
            more = select(audit_seal).where(audit_seal.c.seal > at).order_by(audit_seal.c.seal).limit(20)
            rows = self._ask.execute(more).mappings().all()
            for row in rows:
                at = row["seal"]
                try:
                    members = msgspec.json.decode(row["members"], type=list[tuple[int, str]])
                except msgspec.MsgspecError:
                    members = []
                yield Link(head_of(row, self._id), members, self._rows)
            if not rows:
                return

    def _rows(self, numbers: list[int]) -> dict[int, Mapping[str, Any]]:
        found: dict[int, Mapping[str, Any]] = {}
        for at in range(0, len(numbers), _AT_ONCE):
            some = select(event).where(event.c.number.in_(numbers[at : at + _AT_ONCE]))
            found |= {row["number"]: row for row in self._ask.execute(some).mappings()}
        return found

    def _others(self, result: Result) -> None:
        """Events no seal has: new ones, and ones that were never written by the server."""
        last = (
            self._ask.execute(select(audit_seal).order_by(audit_seal.c.seal.desc()).limit(1))
            .mappings()
            .first()
        )
        top = result.sealed.highest
        try:
            gaps = [] if last is None else msgspec.json.decode(last["waiting"], type=list[Gap])
        except msgspec.MsgspecError:
            gaps = []
        at = -(1 << 62)
        while True:
            numbers = (
                select(event.c.number)
                .where(event.c.number > at)
                .order_by(event.c.number)
                .limit(10 * _AT_ONCE)
            )
            found = self._ask.execute(numbers).scalars().all()
            new = [number for number in found if number not in result.sealed]
            for number, row in sorted(self._rows(new).items()):
                if number <= top and not any(gap.first <= number <= gap.last for gap in gaps):
                    result.note(
                        "inserted",
                        f"Events-{number}",
                        "was inserted: no seal has it, though later ones were sealed.",
                    )
                elif row["hash"] is not None and row_hash(row) != row["hash"]:
                    result.note("altered", f"Events-{number}", "was altered before it was sealed.")
                else:
                    result.unsealed += 1
            if not found:
                return
            at = found[-1]


def _passed_over(result: Result) -> None:
    """SQLite numbers events without a gap: one that is not there was removed before a seal could take it."""
    for first, last in result.sealed.holes():
        upto = f" to Events-{last}" if last > first else ""
        result.note(
            "missing", f"Events-{first}", f"was removed before it was sealed{upto and f', and all up{upto}'}."
        )
