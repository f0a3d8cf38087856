"""The trail of a real server: killed between commit and seal, put back, verified from the command line."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import httpx2

from tests.fixtures_server import GURITA, GuritaServer, gurita_server


def verified(server: GuritaServer, *words: str) -> tuple[int, str]:
    """Exit code and output of `gurita audit verify` on the server's data folder."""
    command = [GURITA, "audit", "verify", *(words or ("--data", str(server.data)))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    return done.returncode, done.stdout + done.stderr


def sealed(server: GuritaServer) -> None:
    """Returns once everything that happened is sealed."""
    server.until(lambda: server.get("gurita/audit/status")["UnsealedEvents"] == 0)


def test_a_server_killed_between_commit_and_seal_seals_at_the_next_start(tmp_path: Path) -> None:
    deaths = tmp_path / "deaths"
    armed = {"GURITA_FAULTS": "audit.before-seal=kill:0.6", "GURITA_FAULTS_LOG": str(deaths)}
    with gurita_server(tmp_path / "a") as server:
        server.end()
        made: list[str] = []
        for attempt in range(6):
            server.environment = {**armed, "GURITA_FAULTS_SEED": str(attempt)} if attempt % 2 == 0 else {}
            server.start(wait=False)
            with contextlib.suppress(AssertionError, httpx2.HTTPError):  # killed at any moment
                server.wait_ready()
                made.append(server.post("Spaces-1/environments", {"Name": f"E {attempt}"})["Id"])
                if server.environment:
                    server.until(lambda: not server.running, 5)
            if server.running:
                server.kill()
            assert verified(server)[0] == 0
        server.environment = {}
        server.start()
        sealed(server)
        server.end()
        code, told = verified(server)
        assert (code, len(made) >= 3) == (0, True), told
        assert deaths.read_text().count("audit.before-seal") >= 1
        with sqlite3.connect(server.data / "gurita.db") as database:
            kept = {row[0] for row in database.execute("SELECT document FROM event_related")}
        assert set(made) <= kept


def test_the_running_server_follows_its_own_trail_and_names_what_was_altered(tmp_path: Path) -> None:
    with gurita_server(tmp_path / "a") as server:
        server.post("Spaces-1/environments", {"Name": "Test"})
        sealed(server)

        def whole() -> dict[str, Any] | None:
            """A verification during which nothing was sealed."""
            before = server.get("gurita/audit/status")["SealedEvents"]
            told: dict[str, Any] = server.get("gurita/audit/verification")
            assert (told["IsIntact"], told["Findings"]) == (True, [])
            return told if before == server.get("gurita/audit/status")["SealedEvents"] else None

        assert server.until(whole)["VerifiedEvents"] == server.get("gurita/audit/status")["SealedEvents"] > 1
        with sqlite3.connect(server.data / "gurita.db", timeout=120) as database:
            database.execute("UPDATE event SET message = 'nothing happened' WHERE number = 2")
        told = server.get("gurita/audit/verification")
        assert (told["IsIntact"], told["Findings"][0]["About"]) == (False, "Events-2")


def test_the_command_names_what_was_altered_and_what_was_put_back(tmp_path: Path) -> None:
    with gurita_server(tmp_path / "a") as server:
        server.post("Spaces-1/environments", {"Name": "Dev"})
        sealed(server)
        server.end()
        assert verified(server)[0] == 0
        shutil.copy(server.data / "gurita.db", tmp_path / "backup.db")
        server.start()
        server.post("Spaces-1/environments", {"Name": "Test"})
        sealed(server)
        (tmp_path / "audit.jsonl").write_bytes(server.client.get("/api/gurita/audit/export").content)
        server.end()
        assert verified(server, "--export", str(tmp_path / "audit.jsonl"))[0] == 0
        with sqlite3.connect(server.data / "gurita.db") as database:
            number = database.execute("SELECT number FROM event WHERE message LIKE '%Test%'").fetchone()[0]
            database.execute("UPDATE event SET username = 'nobody' WHERE number = ?", [number])
        database.close()
        code, told = verified(server)
        assert code == 1 and f"Events-{number}: was altered" in told
        for left in server.data.glob("gurita.db*"):
            left.unlink()
        shutil.copy(tmp_path / "backup.db", server.data / "gurita.db")
        code, told = verified(server)
        assert code == 1 and "older database was put back" in told
        done = subprocess.run(
            [GURITA, "restored", "--data", str(server.data)], capture_output=True, timeout=240, check=True
        )
        assert done.returncode == 0
        assert verified(server)[0] == 0
        server.start()
        (told_event,) = server.get("events", eventCategories="DatabaseRestored")["Items"]
        assert told_event["Username"] == "system"
        assert server.get("events", eventCategories="AuditTrailBroken")["Items"] == []


def test_verify_says_when_there_is_nothing_to_verify(tmp_path: Path) -> None:
    done = subprocess.run(
        [GURITA, "audit", "verify", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 1 and "There is no database" in done.stderr
