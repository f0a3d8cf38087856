"""Secrets that tests hand out, made so that they are found again wherever they leaked, in whatever form.

Every one holds `PREFIX`. A search is for the forms of `PREFIX` alone, however many secrets there are: as it is, in lower
case, reversed, in hexadecimal, and in base64 wherever it lies in what was encoded. Forms that escape characters (URL,
JSON, shells) leave it as it is. What is compressed is searched too.
"""

from __future__ import annotations

import base64
import contextlib
import io
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

__all__ = ["PREFIX", "Canary", "in_database", "in_folder", "in_postgres", "in_rows", "leaks", "secret"]

PREFIX = "QZ7KW9VX3J"
"""Capitals and digits, so that it can be a part of an API key too."""

_SMALL = 64 << 20
_PACKED = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08")
_AROUND = 60


def secret(name: str, rest: str = "") -> str:
    """A secret's value for a field: the same for the same name. `rest` are more characters it is to have."""
    return f"{PREFIX}-{zlib.crc32(name.encode()):08X}{rest}-{PREFIX}"


def _forms(text: bytes) -> dict[str, bytes]:
    found = {
        "as it is": text,
        "in lower case": text.lower(),
        "reversed": text[::-1],
        "in hex": text.hex().encode(),
        "in HEX": text.hex().upper().encode(),
    }
    for shift in range(3):
        # Characters that also hold bits of what stands before or after are cut off.
        encoded = base64.b64encode(b"\0" * shift + text + b"\0" * (-(shift + len(text)) % 3))
        core = encoded[-(-shift * 8 // 6) : (shift + len(text)) * 8 // 6]
        found[f"in base64 ({shift})"] = core
        found[f"in base64url ({shift})"] = core.replace(b"+", b"-").replace(b"/", b"_")
    return found


_OF_PREFIX = _forms(PREFIX.encode())


@dataclass
class Canary:
    """What to search for: the prefix of all secrets of tests unless told otherwise, and values learned since."""

    forms: dict[str, bytes] = field(default_factory=lambda: dict(_OF_PREFIX))

    def learn(self, name: str, value: str | bytes) -> None:
        """Search for this value too, from now on. ValueError for one that is too short to be told from chance."""
        raw = value.encode() if isinstance(value, str) else value
        if len(raw) < 12:
            raise ValueError(f"{name} has {len(raw)} bytes only")
        for form, text in _forms(raw).items():
            self.forms[f"{name} {form}"] = text

    def leaks(self, data: bytes) -> Iterator[str]:
        """What was found, with a little of what stands around it."""
        for name, text in self.forms.items():
            if (at := data.find(text)) >= 0:
                yield f"{name}: …{data[max(0, at - _AROUND) : at + len(text) + _AROUND]!r}…"
        for packed in _unpacked(data):
            yield from (f"compressed, {leak}" for leak in self.leaks(packed))


_ONLY_PREFIX = Canary()


def leaks(data: bytes) -> list[str]:
    """What was found of the secrets tests hand out."""
    return list(_ONLY_PREFIX.leaks(data))


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data[:4] == b"PK\x03\x04":
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(member) for member in archive.infolist() if member.file_size < _SMALL)
        return
    whole = memoryview(data)  # parts of it are no copies, however often something looks like a beginning
    for head in _PACKED:
        at = data.find(head)
        while at >= 0:
            unpacking = zlib.decompressobj(31 if head[0] == 0x1F else 15)
            with contextlib.suppress(zlib.error):
                if found := unpacking.decompress(whole[at:], _SMALL):
                    yield found
            at = data.find(head, at + 2)


def in_folder(folder: Path, canary: Canary = _ONLY_PREFIX, but: Iterable[Path] = ()) -> list[str]:
    """What was found in the names and contents of all files below a folder, those of SQLite also row by row."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        found += [f"name of {path}: {leak}" for leak in canary.leaks(str(path.relative_to(folder)).encode())]
        if path.is_symlink() or not path.is_file() or path in but:
            continue
        with contextlib.suppress(FileNotFoundError, PermissionError):
            if path.stat().st_size <= _SMALL:
                found += [f"{path}: {leak}" for leak in canary.leaks(path.read_bytes())]
            if path.suffix == ".db":
                found += [f"{path}: {leak}" for leak in in_database(path, canary)]
    return found


def in_database(path: Path, canary: Canary = _ONLY_PREFIX) -> list[str]:
    """What was found in the rows of a database of SQLite: a value may lie in pieces in the file."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            names = [
                row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            return [
                leak
                for name in names
                for leak in in_rows(database.execute(f'SELECT * FROM "{name}"'), canary, name)
            ]
        except sqlite3.DatabaseError:
            return []  # None of ours, or one that a test broke.


def in_postgres(url: str, canary: Canary = _ONLY_PREFIX) -> list[str]:
    """What was found in the rows of all tables of a database of PostgreSQL."""
    with psycopg.connect(url) as database:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        names = [row[0] for row in database.execute(tables)]
        return [
            leak
            for name in names
            for leak in in_rows(
                database.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))), canary, name
            )
        ]


def in_rows(rows: Iterable[Iterable[Any]], canary: Canary = _ONLY_PREFIX, table: str = "") -> list[str]:
    """What was found in the values of rows."""
    texts: list[bytes] = []
    found: list[str] = []
    for row in rows:
        for value in row:
            if isinstance(value, bytes):
                found += [f"{table}: {leak}" for leak in canary.leaks(value)]
            elif isinstance(value, str) and len(value) >= len(PREFIX):
                texts.append(value.encode("utf-8", "surrogatepass"))
    return found + [f"{table}: {leak}" for leak in canary.leaks(b"\n".join(texts))]
