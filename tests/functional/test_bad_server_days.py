"""What happens to the server's own machine: a full disk, a clock set back, a wrong key, an old folder, a second server."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.fixtures_sshd import sshd
from tests.functional.field import Field
from tests.functional.rooms import at_rest, refusal_of, tables
from tests.needs import need
from tests.scenario import Scenario, script, step

pytestmark = [pytest.mark.needs("sshd"), pytest.mark.timeout(1500)]


@contextlib.contextmanager
def field_on(folder: Path, server: GuritaServer) -> Iterator[Field]:
    """Two hosts for a server that was not started yet."""
    (folder / "hosts").mkdir()
    with sshd(folder / "hosts", 2) as hosts:
        try:
            server.start()
            made = Scenario(server.client)
            field = Field(server, made, hosts, made.ssh_account(hosts[0]))
            for number, host in enumerate(hosts):
                field.add(host, f"host {number}")
            yield field
        finally:
            server.close()


def refused_to_start(server: GuritaServer) -> str:
    """What a server says that does not start: one line, with exit code 1."""
    server.log.unlink(missing_ok=True)
    server.start(wait=False)
    assert server.process is not None
    try:
        assert server.process.wait(240) == 1, server.log.read_text()
    finally:
        server.close()
    said = server.log.read_text()
    assert re.fullmatch(r"gurita: [^\n]+\n", said), said
    return said


def counting(folder: Path) -> str:
    """A script that prints numbers until it is let go, and keeps the last one in a file."""
    return (
        f'echo x >> "{folder}/ran"; n=0; until [ -e "{folder}/go" ]; do echo "count $n."; echo $n > "{folder}/n"; '
        'n=$((n+1)); sleep 0.05; done; echo "$n in all."'
    )


def counted(folder: Path) -> int:
    """How far the script is."""
    text = (folder / "n").read_text().strip() if (folder / "n").exists() else ""
    return int(text or 0)


@pytest.mark.needs("root", "namespaces")
def test_a_full_disk_is_told_and_everything_goes_on_once_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    server = GuritaServer(tmp_path / "server", data=disk / "data")
    command = " ".join(server.command())
    mount = f"mount -t tmpfs -o size=32m tmpfs {disk} && head -c 12000000 /dev/zero > {disk}/ballast && exec {command}"
    server.command = lambda: ["unshare", "--mount", "sh", "-c", mount]  # type: ignore[method-assign]
    with field_on(tmp_path, server) as field:
        # The disk as this server alone sees it.
        seen = Path(f"/proc/{server.pid}/root{disk}")
        before = field.script("echo before")
        task = field.start(step("Count", script(counting(tmp_path))))
        field.says(task, "count 3.")
        made, answer = 0, httpx2.Response(201)
        while answer.status_code == 201:
            body = {"Name": f"Filler {made}", "Description": "x" * 19_000}
            answer = server.client.post("/api/environments", json=body)
            made += answer.status_code == 201
        refusal_of(answer, 503, "no space")
        assert answer.headers["Retry-After"]
        # The script goes on meanwhile; its log waits on the host.
        was = counted(tmp_path)
        server.until(lambda: counted(tmp_path) > was + 60)
        refusal_of(server.client.post("/api/environments", json={"Name": "No"}), 503, "no space")
        assert server.get("environments", take=1)["TotalResults"] == made + 2
        assert field.made.task(task)["State"] == "Executing"
        (seen / "ballast").unlink()
        server.until(
            lambda: server.client.post("/api/environments", json={"Name": "Yes"}).status_code in (201, 409)
        )
        was = counted(tmp_path)
        server.until(lambda: counted(tmp_path) > was + 10)
        (tmp_path / "go").touch()
        ended = field.ended(task)
        assert ended.state == "Success", ended.text[-3000:]
        said = [int(number) for number in re.findall(r"^count (\d+)\.$", ended.text, re.MULTILINE)]
        assert said == list(range(len(said)))
        assert f"{len(said)} in all." in ended.text
        assert (tmp_path / "ran").read_text() == "x\n"
        assert field.ended(before.task["Id"]).lines == before.lines
        assert field.script("echo after").state == "Success"
        # The open folder keeps the disk when the server, the only one that had it mounted, is gone.
        held = os.open(seen / "data", os.O_RDONLY | os.O_DIRECTORY)
        assert server.end() == 0
        for file in os.listdir(held):
            if file.startswith("gurita.db"):
                shutil.copy(f"/proc/self/fd/{held}/{file}", tmp_path / file)
        os.close(held)
        with contextlib.closing(sqlite3.connect(tmp_path / "gurita.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_clock_set_back_an_hour_stops_nothing(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_to(clock, "+0")
    faked = {
        "LD_PRELOAD": need("faketime"),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "1",
        # A clock that is set does not change how time passes.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    server = GuritaServer(tmp_path / "server", environment=faked)
    with field_on(tmp_path, server) as field:
        session = httpx2.Client(base_url=server.url, trust_env=False, timeout=120)
        assert (
            session.post("/api/users/login", json={"Username": "admin", "Password": PASSWORD}).status_code
            == 200
        )
        key = server.post(f"users/{server.get('users/me')['Id']}/apikeys", {"Purpose": "clock"})["ApiKey"]
        release = field.project([step("Count", script(counting(tmp_path)))])
        running = field.made.deploy(release, field.environments[0])
        field.says(running, "count 3.")
        behind = field.made.deploy(release, field.environments[0])
        asked = field.start(step("Ask", script(f'[ -e "{tmp_path}/go" ]')), at=1, UseGuidedFailure=True)
        path = f"{field.made.space}/interruptions"
        (question,) = server.until(lambda: server.get(path, regarding=asked, pendingOnly=True)["Items"])
        health = {"Name": "Health", "Arguments": {"MachineIds": [field.machines[1]]}}
        assert field.ended(field.made.post("tasks", health)["Id"]).state == "Success"
        started = datetime.fromisoformat(field.made.task(running)["StartTime"])

        set_to(clock, "-3600")
        server.until(lambda: _clock(server) < datetime.now(UTC) - timedelta(minutes=59))

        # Who was signed in still is.
        assert session.get("/api/users/me").json()["Username"] == "admin"
        assert server.client.get("/api/users/me", headers={"X-Octopus-ApiKey": key}).status_code == 200
        assert server.get("serverstatus/health")["IsOperatingNormally"] is True
        # What runs goes on, what waits comes next, what is new starts.
        was = counted(tmp_path)
        server.until(lambda: counted(tmp_path) > was + 10)
        began = []
        for _ in range(5):  # now and then the false clock shows a thread the true time
            new = field.script("echo new", at=1)
            assert new.state == "Success"
            began.append(datetime.fromisoformat(new.task["StartTime"]))
            if began[-1] < started:
                break
        assert began[-1] < started
        (tmp_path / "go").touch()
        ended = field.ended(running)
        assert ended.state == "Success"
        said = [int(number) for number in re.findall(r"^count (\d+)\.$", ended.text, re.MULTILINE)]
        assert said == list(range(len(said)))
        assert field.ended(behind).state == "Success"
        server.post(f"{path}/{question['Id']}/submit", {"Guidance": "Retry"})
        assert field.ended(asked).state == "Success"
        # Recurring work: its next time lies an hour away, as does the last check of the machine. Both count as due.
        server.until(
            lambda: any(task["Description"] == "Check health by policy" for task in _health_checks(server)),
            why=lambda: _health_checks(server),
        )
        # A start that is planned from now on keeps to the new clock.
        says = field.project([step("Say", script("echo said"))])
        at = datetime.now(UTC) + timedelta(hours=-1, seconds=4)
        later = field.ended(field.made.deploy(says, field.environments[1], QueueTime=at.isoformat()))
        assert later.state == "Success"
        assert datetime.fromisoformat(later.task["StartTime"]) >= at.replace(microsecond=0)
        # And after a restart an hour in the past everything is still there.
        server.restart()
        assert session.get("/api/users/me").status_code == 200
        assert field.script("echo restarted", at=1).state == "Success"
        assert "Traceback" not in server.log.read_text()
        session.close()


def set_to(clock: Path, text: str) -> None:
    """Sets the false clock at once: whoever reads it meanwhile finds the former or the new time."""
    aside = clock.with_suffix(".new")
    aside.write_text(text)
    aside.rename(clock)


def _clock(server: GuritaServer) -> datetime:
    """What time it is for the server."""
    return parsedate_to_datetime(server.client.get("/api").headers["date"])


def _health_checks(server: GuritaServer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get("tasks", name="Health")["Items"]
    return found


def test_a_wrong_root_key_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with field_on(tmp_path, GuritaServer(tmp_path / "server")) as field:
        server = field.server
        secret = {"Name": "Secret", "Type": "Sensitive", "Value": "opened-with-the-right-key", "Scope": {}}
        check = 'value=$(get_octopusvariable Secret); [ "${#value}" = 25 ] && echo "it opens"'
        release = field.project([step("Open", script(check))], [secret])
        server.end()
        before, key = tables(server), (server.data / "root.key").read_bytes()
        wrong = base64.b64encode(b"0" * 32).decode()
        other = GuritaServer(tmp_path / "other", data=server.data, environment={"GURITA_ROOT_KEY": wrong})
        said = refused_to_start(other)
        assert "GURITA_ROOT_KEY" in said
        assert wrong not in said
        (server.data / "root.key").unlink()
        assert "root.key" in refused_to_start(GuritaServer(tmp_path / "lost", data=server.data))
        assert tables(server) == before
        (server.data / "root.key").write_bytes(key)
        (server.data / "root.key").chmod(0o600)
        server.start()
        ended = field.ended(field.made.deploy(release, field.environments[0]))
        assert "it opens" in ended.of("Info"), ended.text


def test_a_second_server_on_the_folder_is_refused_and_the_first_ones_task_goes_on(tmp_path: Path) -> None:
    with field_on(tmp_path, GuritaServer(tmp_path / "server")) as field:
        task = field.start(
            step("Wait", script(f'echo begun; until [ -e "{tmp_path}/go" ]; do sleep 0.1; done'))
        )
        field.says(task, "begun")
        before = at_rest(field.server)
        for port in (field.server.agent_port, -1):
            second = GuritaServer(tmp_path / "second", data=field.server.data, agent_port=port)
            assert str(field.server.data) in refused_to_start(second)
        assert tables(field.server) == before
        (tmp_path / "go").touch()
        assert field.ended(task).state == "Success"


NEWER = ("stopped_queue", "poison", "idempotency", "registration_token", "artifact", "interruption")
"""Tables of which an older server may have known nothing."""


def test_a_folder_of_an_older_server_opens_with_all_that_was_in_it(tmp_path: Path) -> None:
    with field_on(tmp_path, GuritaServer(tmp_path / "server")) as field:
        server = field.server
        former = field.script("echo former")
        release = field.project([step("Say", script("echo again"))])
        at_rest(server)
        server.end()
        with contextlib.closing(sqlite3.connect(server.data / "gurita.db")) as database:
            for name in NEWER:
                database.execute(f'DROP TABLE "{name}"')
            database.commit()
        kept = tables(server)
        server.start()
        opened = tables(server)
        assert {*NEWER} <= opened.keys()
        changed = {name for name in kept if kept[name] != opened[name]}
        assert changed <= {"node", "change", "sequence"}
        assert field.ended(former.task["Id"]).lines == former.lines
        assert field.ended(field.made.deploy(release, field.environments[0])).state == "Success"


@pytest.mark.parametrize("start", ["an empty file", "only the version"])
def test_a_folder_with_hardly_anything_in_it_opens(tmp_path: Path, start: str) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    if start == "an empty file":
        (data / "gurita.db").touch()
    if start == "only the version":
        with contextlib.closing(sqlite3.connect(data / "gurita.db")) as database:
            database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
            database.execute("INSERT INTO alembic_version VALUES ('0001')")
            database.commit()
    with gurita_server(tmp_path / "server", data=data) as server:
        assert server.post("environments", {"Name": "Here"})["Id"] == "Environments-1"


def test_a_database_that_is_none_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "gurita.db").write_bytes(b"this is no database at all\n" * 500)
    said = refused_to_start(GuritaServer(tmp_path / "server", data=data))
    assert str(data / "gurita.db") in said
    assert "not a database" in said
    assert "backup" in said
    assert (data / "gurita.db").read_bytes() == b"this is no database at all\n" * 500


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in refused_to_start(
        GuritaServer(tmp_path / "server", data=tmp_path / "file")
    )
    assert "/proc/nowhere" in refused_to_start(GuritaServer(tmp_path / "server", data=Path("/proc/nowhere")))


def test_a_disk_without_room_for_a_first_start_is_named(tmp_path: Path) -> None:
    need("root")
    need("namespaces")
    disk = tmp_path / "disk"
    disk.mkdir()
    server = GuritaServer(tmp_path / "server", data=disk / "data")
    mount = f"mount -t tmpfs -o size=128k tmpfs {disk} && exec {' '.join(server.command())}"
    server.command = lambda: ["unshare", "--mount", "sh", "-c", mount]  # type: ignore[method-assign]
    said = refused_to_start(server)
    assert str(server.data) in said
    assert "full" in said
