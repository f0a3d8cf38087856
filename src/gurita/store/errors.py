"""What the database may answer instead of a result, in the words of `gurita.kernel.errors`."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

from gurita.kernel.errors import Terminal, Unavailable

__all__ = [
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseDown",
    "DatabaseTooNew",
    "NoSpace",
    "OutcomeUnknown",
    "driver_error",
    "is_integrity",
    "must_rerun",
    "translated",
]

# PostgreSQL error codes: https://www.postgresql.org/docs/15/errcodes-appendix.html
_RERUN = ("40001", "40P01")
_FULL = ("53100",)
_DOWN = ("57P01", "57P02", "57P03", "53300")


class DatabaseDown(Unavailable):
    """The database cannot be reached, or the connection to it was lost before anything was committed."""

    headline = "The database cannot be reached. Try again in a moment."


class DatabaseBusy(Unavailable):
    """Another process or node held what this unit needed for too long."""

    headline = "The database is busy. Try again in a moment."


class NoSpace(Unavailable):
    """The disk of the database is full. Nothing was changed."""

    headline = "There is no space left on the database's disk. Free some space there and try again."


class DatabaseDamaged(Terminal):
    """The file is no database, or a part of it is not what it was written as. Only a backup helps."""


class OutcomeUnknown(Unavailable):
    """The connection was cut in COMMIT, and the database did not come back in time to be asked what happened."""

    headline = "The database went away while saving; whether the change was saved is not known. Look before trying again."


class DatabaseTooNew(Terminal):
    """The database was written by a newer version of the server, which this one does not know how to read."""


def driver_error(error: BaseException) -> BaseException:
    """The database driver's own error behind one SQLAlchemy wrapped; any other error as it is."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def is_integrity(error: BaseException) -> bool:
    """Whether the database refused a row for a unique, foreign or not-null key of another."""
    return isinstance(driver_error(error), psycopg.IntegrityError | sqlite3.IntegrityError)


def must_rerun(error: BaseException) -> bool:
    """Whether the database ended the transaction for reasons of others: deadlock or serialization."""
    cause = driver_error(error)
    return isinstance(cause, psycopg.Error) and cause.sqlstate in _RERUN


def translated(error: BaseException) -> BaseException:
    """The error a caller of the store gets to see for `error`."""
    cause = driver_error(error)
    answer: Unavailable | DatabaseDamaged | None = None
    if isinstance(cause, sqlite3.Error):
        answer = _from_sqlite(cause)
    elif isinstance(cause, psycopg.Error):
        answer = _from_postgresql(cause)
    if answer is None:
        return error
    answer.__cause__ = error
    return answer


def _from_sqlite(error: sqlite3.Error) -> Unavailable | DatabaseDamaged | None:
    code = getattr(error, "sqlite_errorcode", None) or 0
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return NoSpace()
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseBusy()
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return DatabaseDown(str(error))
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return DatabaseDamaged(f"{error}. Restore it from a backup.")
    return None


def _from_postgresql(error: psycopg.Error) -> Unavailable | None:
    if error.sqlstate in _FULL:
        return NoSpace()
    if error.sqlstate in _RERUN or error.sqlstate == "55P03":
        return DatabaseBusy()
    if error.sqlstate in _DOWN or (error.sqlstate is None and isinstance(error, psycopg.OperationalError)):
        return DatabaseDown()
    return None
