"""A real PostgreSQL of the machine, one server for all test processes of a run, a fresh database a test.

Every test may take the fixtures `postgres_url` (a database of its own for the test) and `database_url` (the test
runs once on SQLite and once on PostgreSQL). For the bench: `with server() as running: running.fresh()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import pytest

from gurita.store.db import Store
from tests.fixtures_sshd import free_port
from tests.needs import need

__all__ = ["Postgres", "database_url", "postgres", "postgres_url", "server"]

_TEMPLATE = "gurita_template"
_COLLATION = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
"""Sorts unlike SQLite, so that what leaves the order to the database shows."""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server. It listens on loopback and on a socket in `folder`."""

    programs: str
    folder: str
    port: int

    def url(self, database: str) -> str:
        return f"postgresql://gurita@/{database}?host={self.folder}&port={self.port}"

    def tcp_url(self, database: str) -> str:
        return f"postgresql://gurita@127.0.0.1:{self.port}/{database}"

    def begin(self) -> None:
        """Starts the server (again); returns when it answers."""
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options = f"-k {self.folder} -p {self.port} {settings}"
        self._control("-w", "-t", "200", "-l", f"{self.folder}/log", "-o", options, "start")

    def halt(self, mode: str = "fast") -> None:
        """Ends the server and all connections to it. `immediate` loses what was just committed (`fsync` is off)."""
        self._control("-m", mode, "-w", "-t", "200", "stop")

    def _control(self, *arguments: str) -> None:
        prefix = _as_postgres(Path(self.folder))
        _run(*prefix, f"{self.programs}/pg_ctl", "-D", f"{self.folder}/data", *arguments)

    def ask(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs SQL beside the test, on a connection of its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def empty(self) -> str:
        """The URL of a new database without tables; it goes with the server."""
        name = f"e_{uuid.uuid4().hex[:16]}"
        self.ask(f"CREATE DATABASE {name} {_COLLATION}")
        return self.url(name)

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a new database with the store's tables; dropped at the exit."""
        name = f"t_{uuid.uuid4().hex[:16]}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield self.url(name)
        finally:
            self.ask(f"DROP DATABASE {name} WITH (FORCE)")


def _as_postgres(folder: Path) -> list[str]:
    """What to put before a command so that it runs as the user PostgreSQL wants: any but root."""
    if os.geteuid() != 0:
        return []
    user = next((name for name in ("postgres", "nobody") if _known(name)), "nobody")
    entry = pwd.getpwnam(user)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def _known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command[-1]}: {done.stdout}{done.stderr}")


def _start(programs: Path) -> Postgres:
    folder = Path(tempfile.mkdtemp(prefix="gurita-pg-"))
    folder.chmod(0o755)
    prefix, port = _as_postgres(folder), free_port()
    data = str(folder / "data")
    _run(
        *prefix,
        str(programs / "initdb"),
        "-A",
        "trust",
        "-U",
        "gurita",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
        "-D",
        data,
    )
    running = Postgres(str(programs), str(folder), port)
    running.begin()
    running.ask(f"CREATE DATABASE {_TEMPLATE} {_COLLATION}")
    asyncio.run(_prepare(running.url(_TEMPLATE)))
    return running


async def _prepare(url: str) -> None:
    await (await Store.open(url)).close()


def _stop(running: Postgres) -> None:
    folder = Path(running.folder)
    with contextlib.suppress(RuntimeError):
        running.halt("immediate")
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server(shared: Path | None = None) -> Iterator[Postgres]:
    """A server; one for all processes that name the same folder `shared`, ended by the last to leave.

    Skips the test when PostgreSQL is not installed (a failure with `GURITA_REQUIRE_REAL=1`).
    """
    programs = Path(need("postgresql")).parent
    if shared is None:
        running = _start(programs)
        try:
            yield running
        finally:
            _stop(running)
        return
    with (shared / "postgres.lock").open("a+") as gate, (shared / "postgres.users").open("a+") as users:
        note = shared / "postgres.json"
        fcntl.flock(gate, fcntl.LOCK_EX)
        if note.exists():
            running = Postgres(**json.loads(note.read_text()))
        else:
            running = _start(programs)
            note.write_text(json.dumps(asdict(running)))
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield running
        finally:
            fcntl.flock(gate, fcntl.LOCK_EX)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                note.unlink()
                _stop(running)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Postgres]:
    """The run's PostgreSQL."""
    base = tmp_path_factory.getbasetemp()
    with server(base if worker_id == "master" else base.parent) as running:
        yield running


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A database of its own for the test."""
    need("postgresql")
    with postgres.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The test runs on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gurita.db"
    need("postgresql")
    return str(request.getfixturevalue("postgres_url"))
