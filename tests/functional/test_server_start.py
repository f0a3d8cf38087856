"""A server as a process: it starts, says what it is, ends when asked, and refuses what cannot work in one clear line."""

from __future__ import annotations

import time
from pathlib import Path

from tests.fixtures_server import GuritaServer, gurita_server


def test_a_server_answers_and_ends_cleanly_when_asked(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        assert server.get("serverstatus/health")["IsOperatingNormally"] is True
        began = time.monotonic()
        assert server.end() == 0
        assert time.monotonic() - began < 3
        assert "Traceback" not in server.log.read_text()


def test_a_server_comes_back_with_its_data_after_a_kill(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        made = server.post("environments", {"Name": "Somewhere"})
        server.restart(gently=False)
        assert server.get(f"environments/{made['Id']}")["Name"] == "Somewhere"


def test_a_second_server_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        second = GuritaServer(tmp_path / "second", data=server.data)
        second.start(wait=False)
        assert second.process is not None
        assert second.process.wait(20) == 1
        said = second.log.read_text()
        assert said.startswith("gurita: Another Gurita server is using")
        assert len(said.splitlines()) == 1
