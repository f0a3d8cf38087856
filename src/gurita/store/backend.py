"""What differs between the databases, seen from the threads that use them."""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from gurita.store.errors import DatabaseDown
from gurita.store.session import PostgresqlSession, Session, SqliteSession

__all__ = ["CHANNEL", "Backend", "PostgresqlBackend", "SqliteBackend"]

CHANNEL = "gurita"
"""The one PostgreSQL channel of all notifications; their text is `channel`, a line feed, `payload`."""

_LOOKUP_PATIENCE = 30.0
_LONGEST_NOTE = 7000
_CACHE = 2000
_MARK = (
    "INSERT INTO commit_mark VALUES ('{writer}', '{batch}', extract(epoch from now()))"
    " ON CONFLICT (writer) DO UPDATE SET batch = EXCLUDED.batch, touched = EXCLUDED.touched"
)


class Backend:
    """Opens sessions and ends transactions."""

    dialect: str
    writers: int
    readers: int
    long_readers: int
    engine: Engine

    def open(self, role: str) -> Session:
        """A new connection. Raises what `translated` makes `DatabaseDown` when there is no database."""
        raise NotImplementedError

    def seal(self, session: Session, writer: str, batch: str, notes: Iterable[tuple[str, str]]) -> None:
        """Commits, leaving behind what is needed to find out later whether it did."""
        raise NotImplementedError

    def committed(self, writer: str, batch: str) -> bool | None:
        """Whether a batch whose connection was cut in COMMIT is in the database; None: nobody can say."""
        raise NotImplementedError


class SqliteBackend(Backend):
    """A file with a write-ahead log. One writer, since SQLite has no more."""

    dialect = "sqlite"
    writers = 1
    readers = 2
    long_readers = 2

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise ValueError("A SQLite database needs a file: sqlite:///path/to/gurita.db")
        self.path = Path(url.database).absolute()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self.engine = create_engine(
            f"sqlite:///{self.path}",
            poolclass=NullPool,
            query_cache_size=_CACHE,
            connect_args={
                "isolation_level": None,
                "timeout": 30,
                "cached_statements": 512,
                "check_same_thread": False,
            },
        )
        event.listen(self.engine, "connect", _prepare_sqlite)

    def open(self, role: str) -> Session:
        session = SqliteSession(self.engine)
        if role == "reader":
            session.command("PRAGMA query_only = ON")
        return session

    def seal(self, session: Session, writer: str, batch: str, notes: Iterable[tuple[str, str]]) -> None:
        session.commit()

    def committed(self, writer: str, batch: str) -> bool | None:
        return False


def _set(cursor: sqlite3.Cursor, pragma: str) -> None:
    """Sets a pragma. Changing the journal mode does not wait for others by itself, so this does, up to 30 s."""
    for attempt in range(600):
        try:
            cursor.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY or attempt == 599:
                raise
        time.sleep(0.05)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 30000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -16000",
        "journal_size_limit = 67108864",
    ):
        _set(cursor, pragma)
    cursor.close()


class PostgresqlBackend(Backend):
    """PostgreSQL through psycopg 3. Several nodes share it."""

    dialect = "postgresql"
    writers = 1
    readers = 4
    long_readers = 2

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self.life = uuid.uuid4().hex[:12]
        self.backends: dict[str, int] = {}
        self.engine = create_engine(
            self.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            query_cache_size=_CACHE,
            use_native_hstore=False,
            connect_args=self.options("gurita"),
        )

    def options(self, name: str) -> dict[str, str | int]:
        """Connection options: a dead network is noticed within half a minute."""
        return {
            "application_name": name,
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25000,
        }

    def conninfo(self, name: str) -> str:
        """The same database for psycopg alone."""
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.conninfo.make_conninfo(plain, **self.options(name))

    def open(self, role: str) -> Session:
        session = PostgresqlSession(self.engine)
        if role not in ("reader", "migration"):
            session.command(f"SET application_name = 'gurita-{role}'")
            self.backends[role] = session.backend
        return session

    def seal(self, session: Session, writer: str, batch: str, notes: Iterable[tuple[str, str]]) -> None:
        mark = _MARK.format(writer=writer, batch=batch)
        wakes = [f"SELECT pg_notify('{CHANNEL}', {_literal(note)})" for note in dict.fromkeys(notes)]
        session.command(";".join([mark, *wakes, "COMMIT"]))

    def committed(self, writer: str, batch: str) -> bool | None:
        until = time.monotonic() + _LOOKUP_PATIENCE
        pause = 0.05
        while True:
            try:
                return self._look_up(writer, batch)
            except (psycopg.Error, DatabaseDown):
                if time.monotonic() > until:
                    return None
                time.sleep(pause)
                pause = min(pause * 2, 1.0)

    def _look_up(self, writer: str, batch: str) -> bool:
        """Ends what is left of the cut connection first: its COMMIT may still be on the way."""
        former = f"gurita-{writer}"
        with psycopg.connect(self.conninfo("gurita-lookup"), autocommit=True) as connection:
            for _ in range(200):
                left = connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                    (former,),
                ).fetchall()
                if not left:
                    break
                time.sleep(0.05)
            else:
                raise DatabaseDown("The former connection does not end.")
            row = connection.execute("SELECT batch FROM commit_mark WHERE writer = %s", (writer,)).fetchone()
        return row is not None and row[0] == batch


def _literal(note: tuple[str, str]) -> str:
    channel, payload = note
    if len(payload.encode()) > _LONGEST_NOTE:
        payload = ""
    return "'" + f"{channel}\n{payload}".replace("\0", "").replace("'", "''") + "'"
