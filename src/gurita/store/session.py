"""A connection with the few words of transaction control the store needs, for either database.

Transactions are controlled on the driver's own connection, since SQLAlchemy's savepoints cost more than the
statements between them. SQLAlchemy sees one long transaction that it neither begins nor ends.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine

from gurita.store.libpq import Statements, checked
from gurita.store.prepared import Answer, Form

__all__ = ["PostgresqlSession", "Session", "SqliteSession"]


class Session:
    """One database connection, used by one thread at a time."""

    dialect: str

    def __init__(self, engine: Engine) -> None:
        self.connection: Connection = engine.connect()
        self._driver: Any = self.connection.connection.driver_connection

    def command(self, sql: str) -> None:
        """Runs SQL without result. Several commands parted by `;` are one round trip on PostgreSQL."""
        raise NotImplementedError

    def prepared(self, form: Form, values: list[Any]) -> Answer:
        """Runs a prepared statement with its values in order. Raises the driver's own errors."""
        raise NotImplementedError

    @property
    def lost(self) -> bool:
        """Whether the connection is gone."""
        raise NotImplementedError

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open (aborted counts as open)."""
        raise NotImplementedError

    def begin(self, *, write: bool) -> None:
        """Starts a transaction; one that only reads sees one snapshot throughout."""
        raise NotImplementedError

    def savepoint(self, name: str) -> None:
        self.command(f"SAVEPOINT {name}")

    def release(self, name: str) -> None:
        self.command(f"RELEASE SAVEPOINT {name}")

    def rollback_to(self, name: str) -> None:
        self.command(f"ROLLBACK TO SAVEPOINT {name}")
        self.command(f"RELEASE SAVEPOINT {name}")

    def commit(self) -> None:
        self.command("COMMIT")

    def rollback(self) -> None:
        """Ends the transaction without its changes. Never raises: a lost connection has done it already."""
        with contextlib.suppress(sqlite3.Error, psycopg.Error):
            if self.in_transaction:
                self.command("ROLLBACK")

    def close(self) -> None:
        """Closes the connection. Never raises."""
        with contextlib.suppress(Exception):
            self.connection.invalidate()
        with contextlib.suppress(Exception):
            self.connection.close()


class SqliteSession(Session):
    """A connection to a SQLite file."""

    dialect = "sqlite"

    def command(self, sql: str) -> None:
        self._driver.execute(sql)

    def prepared(self, form: Form, values: list[Any]) -> Answer:
        cursor = self._driver.execute(form.sql, values)
        described = cursor.description
        if described is None:
            return Answer((), [], cursor.rowcount)
        rows = cursor.fetchall()
        return Answer([column[0] for column in described], rows, len(rows))

    @property
    def lost(self) -> bool:
        return False

    @property
    def in_transaction(self) -> bool:
        return bool(self._driver.in_transaction)

    def begin(self, *, write: bool) -> None:
        self.command("BEGIN IMMEDIATE" if write else "BEGIN")


class PostgresqlSession(Session):
    """A connection to PostgreSQL through psycopg 3, in autocommit mode."""

    dialect = "postgresql"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._statements = Statements(self._driver.pgconn)

    def command(self, sql: str) -> None:
        checked(self._driver.pgconn.exec_(sql.encode()))

    def prepared(self, form: Form, values: list[Any]) -> Answer:
        return self._statements.run(form, values)

    @property
    def lost(self) -> bool:
        return bool(self._driver.broken or self._driver.closed)

    @property
    def in_transaction(self) -> bool:
        return self._driver.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE

    def begin(self, *, write: bool) -> None:
        self.command("BEGIN" if write else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @property
    def backend(self) -> int:
        """The process id of the server's side."""
        return int(self._driver.info.backend_pid)
