"""Deleting a space full of everything on a real server that is killed again and again, and on PostgreSQL."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract_content import filled
from tests.fixtures_quickstart import Said, gurita
from tests.fixtures_server import GURITA, GuritaServer, gurita_server
from tests.functional.rooms import at_rest

pytestmark = pytest.mark.needs("sshd")

KEPT = {"event", "event_related", "audit_seal", "task", "log_chunk", "idempotency"}
"""What may still say the id of a deleted space: its audit trail, and the task that deleted it."""


def _rows(server: GuritaServer, space: str) -> dict[str, int]:
    """The tables with rows that belong to a space, or say its id in whatever column."""
    found = {}
    with contextlib.closing(
        sqlite3.connect(f"file:{server.data / 'gurita.db'}?mode=ro", uri=True)
    ) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
            own = [column for column in columns if column in ("space", "space_id")]
            said = " OR ".join(
                [*(f'"{one}" = :id' for one in own), *(f'CAST("{one}" AS TEXT) LIKE :any' for one in columns)]
            )
            ask = f'SELECT count(*) FROM "{name}" WHERE {said}'
            if count := database.execute(ask, {"id": space, "any": f'%"{space}"%'}).fetchone()[0]:
                found[name] = count
    return found


@pytest.fixture(name="full")
def _full(tmp_path: Path) -> Iterator[tuple[GuritaServer, str]]:
    with filled(tmp_path) as made:
        yield made.server, made.there.space


def _ended(server: GuritaServer, id: str) -> dict[str, Any]:
    """The task once it ended; a server that died meanwhile is started again."""
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        if not server.running:
            server.start()
        with contextlib.suppress(Exception):
            task: dict[str, Any] = server.client.get(f"/api/tasks/{id}").json()
            if task["IsCompleted"]:
                return task
        time.sleep(0.1)
    raise AssertionError(f"{id} does not end")


def test_the_command_line_makes_spaces_and_follows_their_deletion(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:

        def run(*words: str, space: str = "") -> Said:
            environment = {"GURITA_URL": server.url, "GURITA_API_KEY": server.api_key, "GURITA_SPACE": space}
            return gurita("space", *words, environment=environment)

        made = run("create", "Short lived", "--description", "For a test", "-o", "json").json
        assert run("list", "-o", "json", space=made["Id"]).json[1]["Name"] == "Short lived"
        server.client.post(f"/api/{made['Id']}/environments", json={"Name": "Dev"})
        unsaid = run("delete", "short lived")
        assert (unsaid.code, "Add --yes to say so" in unsaid.err) == (2, True)
        gone = run("delete", "short lived", "--yes", space=made["Id"])
        assert gone.code == 0, gone.out + gone.err
        assert "Removed environment: 1 (Dev)" in gone.out
        assert [one["Id"] for one in run("list", "-o", "json").json] == ["Spaces-1"]
        unknown = run("delete", "Short lived", "--yes")
        assert (unknown.code, "There is no space 'Short lived'." in unknown.err) == (1, True)
        refused = run("delete", "Default", "--yes")
        assert (refused.code, "is the default space" in refused.err) == (1, True), refused.err


def test_a_full_space_goes_though_the_server_dies_again_and_again(full: tuple[GuritaServer, str]) -> None:
    server, space = full
    at_rest(server)
    here = _rows(server, "Spaces-1")
    assert {"machine", "release", "task", "secret"} <= set(_rows(server, space))
    got = server.client.get(f"/api/spaces/{space}").json()
    for task in server.client.get(f"/api/{space}/tasks?active=true").json()["Items"]:
        server.client.post(f"/api/tasks/{task['Id']}/cancel")
    stopped = server.client.put(f"/api/spaces/{space}", json={**got, "TaskQueueStopped": True})
    assert stopped.status_code == 200, stopped.text
    deaths = server.folder / "faults"
    armed = {"GURITA_FAULTS": "spaces.between-batches=kill:0.15", "GURITA_FAULTS_LOG": str(deaths)}
    server.environment = {**server.environment, **armed, "GURITA_FAULTS_SEED": "5"}
    server.kill()
    server.start()
    asked = server.client.delete(f"/api/spaces/{space}")
    ends = time.monotonic() + 120
    while asked.status_code == 409 and time.monotonic() < ends:
        time.sleep(0.1)  # what was canceled is about to end
        asked = server.client.delete(f"/api/spaces/{space}")
    assert asked.status_code == 200, asked.text
    task = _ended(server, asked.json()["Id"])
    assert task["State"] == "Success", task
    assert deaths.read_text().count("spaces.between-batches") >= 2
    assert set(_rows(server, space)) <= KEPT
    assert {
        name: count
        for name, count in _rows(server, "Spaces-1").items()
        if name in here and count < here[name]
    } == {}
    assert server.client.get(f"/api/{space}/projects").status_code == 404
    assert server.client.get(f"/api/spaces/{space}").status_code == 404
    again = server.client.post("/api/spaces", json={"Name": got["Name"], "Slug": got["Slug"]})
    assert again.status_code == 201, again.text
    events = server.client.get(f"/api/events?spaces={space}&take=1").json()
    assert events["TotalResults"] > 20
    server.end()
    verified = subprocess.run(
        [GURITA, "audit", "verify", "--data", str(server.data)], capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
