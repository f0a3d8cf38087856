"""Prepared statements straight through libpq: text in, text out, with the few types the tables use.

psycopg's cursors cost 60 µs a statement before the network; this costs ten. OIDs are those of `pg_type`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

from gurita.store.prepared import Answer, Form

__all__ = ["Statements", "checked", "error_of"]


def _bytes(value: bytes) -> bytes:
    if value[:2] != b"\\x":
        raise ValueError("bytea_output must be 'hex'")
    return bytes.fromhex(value[2:].decode())


_DECODERS: dict[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"t",
    17: _bytes,
    20: int,
    21: int,
    23: int,
    26: int,
    700: float,
    701: float,
    1700: float,
}


def error_of(result: Any) -> psycopg.Error:
    """psycopg's error for a failed result; without an SQLSTATE the connection itself failed."""
    message = psycopg.pq.error_message(result)
    state = result.error_field(DiagnosticField.SQLSTATE)
    if not state:
        return psycopg.OperationalError(message)
    try:
        return psycopg.errors.lookup(state.decode())(message)
    except KeyError:
        return psycopg.DatabaseError(message)


def checked(result: Any) -> Any:
    """The result, if it is a good one. Raises psycopg.Error."""
    if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        return result
    raise error_of(result)


def _encoded(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b"\\x" + bytes(value).hex().encode()
    return str(value).encode()


_ENCODERS: dict[type, Callable[[Any], bytes | None]] = {
    str: str.encode,
    int: b"%d".__mod__,
    type(None): lambda _: None,
}
"""The commonest kinds; all others take the long way."""


def _text(value: bytes) -> str:
    return value.decode()


class _Known:
    """A prepared statement: its name there, and from the first answer on the columns and how to read them."""

    __slots__ = ("decoders", "keys", "name")

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.keys: list[str] | None = None
        self.decoders: list[tuple[int, Callable[[bytes], Any]]] = []


class Statements:
    """The statements one connection has prepared."""

    def __init__(self, pgconn: Any) -> None:
        self._pgconn = pgconn
        self._known: dict[str, _Known] = {}

    def run(self, form: Form, values: list[Any]) -> Answer:
        """Prepares on first use, executes. Raises psycopg.Error."""
        known = self._known.get(form.name)
        if known is None:
            known = _Known(form.name.encode())
            checked(self._pgconn.prepare(known.name, form.sql.encode()))
            self._known[form.name] = known
        result = checked(
            self._pgconn.exec_prepared(
                known.name, [_ENCODERS.get(type(each), _encoded)(each) for each in values]
            )
        )
        if known.keys is None:
            columns = range(result.nfields)
            known.keys = [result.fname(number).decode() for number in columns]
            known.decoders = [(n, _DECODERS.get(result.ftype(n), _text)) for n in columns]
        get = result.get_value
        rows = [
            tuple(
                None if (raw := get(row, column)) is None else decode(raw)
                for column, decode in known.decoders
            )
            for row in range(result.ntuples)
        ]
        changed = result.command_tuples
        return Answer(known.keys, rows, -1 if changed is None else changed)
