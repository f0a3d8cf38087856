"""Deleting a space in a cluster over PostgreSQL: the node that does it is killed, the other one brings it to its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import psycopg
import psycopg.sql
import pytest

from tests.fixtures_server import GuritaServer, gurita_server, new_api_key

KEPT = {"event", "event_related", "audit_seal", "task", "log_chunk", "idempotency"}
"""What may still say the id of a deleted space: its audit trail, and the task that deleted it."""


@pytest.fixture(name="nodes")
def _nodes(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[GuritaServer, GuritaServer]]:
    """Two nodes; the first one dies in the middle of emptying a space."""
    folder, key = tmp_path_factory.mktemp("cluster"), new_api_key()
    environment = {
        "GURITA_ROOT_KEY": "dHdvLW5vZGVzLXR3by1ub2Rlcy10d28tbm9kZXMtMDE=",
        "GURITA_BLOBS": str(folder / "blobs"),
    }
    deadly = {"GURITA_FAULTS": "spaces.between-batches=kill", "GURITA_FAULTS_LOG": str(folder / "faults")}
    with ExitStack() as stack:

        def node(number: int, more: dict[str, str]) -> GuritaServer:
            return stack.enter_context(
                gurita_server(
                    folder / f"node{number}",
                    database=postgres_url,
                    node_name=f"node{number}",
                    environment={**environment, **more},
                    api_key=key,
                )
            )

        yield node(0, deadly), node(1, {})


def rows_that_name(database: str, space: str) -> dict[str, int]:
    """The tables with rows that say the id of a space, in whatever column, and how many."""
    with psycopg.connect(database) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        counts = {
            name: connection.execute(
                psycopg.sql.SQL("SELECT count(*) FROM {} AS one WHERE one::text ~ %s").format(
                    psycopg.sql.Identifier(name)
                ),
                [rf"\m{space}\M"],
            ).fetchone()
            for (name,) in names
        }
    return {name: count[0] for name, count in counts.items() if count and count[0]}


def managing(server: GuritaServer, space: str) -> httpx2.Client:
    """A client of somebody who manages the space and holds nothing else."""
    user = server.post("users", {"Username": "bob", "DisplayName": "Bob", "IsService": True})
    key = server.post(f"users/{user['Id']}/apikeys", {"Purpose": "To manage"})["ApiKey"]
    found = server.get(f"spaces/{space}")
    members = [*found["SpaceManagersTeamMembers"], user["Id"]]
    server.put(f"spaces/{space}", {**found, "SpaceManagersTeamMembers": members})
    return httpx2.Client(headers={"X-Octopus-ApiKey": key}, trust_env=False, timeout=120)


def frozen(server: GuritaServer, database: str) -> None:
    """Stops a node where it has no transaction open: no deletion would begin before that ended."""
    ask = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(200):
            server.stop()
            for _ in range(20):
                if connection.execute(ask).fetchone() == (0,):
                    return
                time.sleep(0.05)
            server.cont()
    raise AssertionError("there is always a transaction open")


def test_one_node_is_killed_while_a_space_goes_and_the_other_ends_it_before_the_eyes_of_who_asked(
    nodes: tuple[GuritaServer, GuritaServer], postgres_url: str
) -> None:
    dying, other = nodes
    kept = other.post("Spaces-1/environments", {"Name": "Stays"})["Id"]
    space = other.post("spaces", {"Name": "Leaving"})["Id"]
    for name in ("Dev", "Test", "Prod"):
        other.post(f"{space}/environments", {"Name": name})
    with managing(other, space) as bob:
        got = bob.get(f"{other.url}/api/spaces/{space}").json()
        picture = {"file": ("l.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png")}
        drawn = bob.post(f"{other.url}/api/spaces/{space}/logo", files=picture)
        assert drawn.status_code == 200, drawn.text
        stopped = bob.put(f"{other.url}/api/spaces/{space}", json={**got, "TaskQueueStopped": True})
        assert stopped.status_code == 200, stopped.text
        assert bob.delete(f"{other.url}/api/spaces/Spaces-1").status_code == 403
        frozen(other, postgres_url)  # so that the node that is to die takes the task
        asked = bob.delete(f"{dying.url}/api/spaces/{space}")
        assert asked.status_code == 200, asked.text
        id = asked.json()["Id"]
        deadline = time.monotonic() + 240
        while dying.running and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not dying.running, "it was to be killed in the middle of it"
        assert rows_that_name(postgres_url, space).keys() - KEPT
        other.cont()
        assert other.finished(id)["State"] == "Success"
        told = bob.get(f"{other.url}/api/tasks/{id}")
        assert (told.status_code, told.json()["IsCompleted"]) == (200, True), told.text
        for part in ("details", "raw", "log", "log/events"):
            read = bob.get(f"{other.url}/api/tasks/{id}/{part}")
            assert (read.status_code, "Nothing is left of the space" in read.text) == (200, True), read.text
        assert bob.get(f"{other.url}/api/spaces").json()["TotalResults"] == 0
    assert rows_that_name(postgres_url, space).keys() <= KEPT
    assert other.client.get(f"/api/spaces/{space}").status_code == 404
    assert other.get(f"Spaces-1/environments/{kept}")["Name"] == "Stays"
    assert other.post("spaces", {"Name": "Leaving"})["Id"] != space
