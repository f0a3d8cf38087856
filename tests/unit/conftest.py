"""What unit tests do without: making every table of a new database again, and hashes that are costly on purpose.

`tests/unit/store` and everything in `tests/functional` do both as a server does.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import make_url

from gurita.access import passwords
from gurita.store import db
from gurita.store.backend import Backend, SqliteBackend
from gurita.store.migrate import prepare

_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id all the same, at its least."""

_one_maker = threading.Lock()


def _new_database(folder: Path) -> Path:
    """A database as a first start leaves it, but for the id of the installation. Made once for a worker."""
    with _one_maker:
        file = folder / "new.db"
        if not file.exists():
            backend = SqliteBackend(make_url(f"sqlite:///{folder / 'making.db'}"))
            prepare(backend)
            backend.engine.dispose()
            with contextlib.closing(sqlite3.connect(backend.path)) as opened, opened:
                opened.execute("DELETE FROM installation")
            backend.path.rename(file)
        return file


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("new-database")


@pytest.fixture(autouse=True)
def _cheaply_begun(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _shared: Path) -> None:
    """New SQLite databases are copies of one that was made once; passwords are hashed at the least cost."""

    def begun(backend: Backend) -> None:
        if isinstance(backend, SqliteBackend) and backend.path.stat().st_size == 0:
            shutil.copyfile(_new_database(_shared), backend.path)
        prepare(backend)

    monkeypatch.setattr(passwords, "_hasher", _CHEAP)
    if request.path.parent.name != "store":
        monkeypatch.setattr(db, "prepare", begun)
