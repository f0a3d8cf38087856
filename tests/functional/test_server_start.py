"""A server as a process: it starts, says what it is, ends when asked, and refuses what cannot work in one clear line."""

from __future__ import annotations

import base64
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.fixtures_quickstart import gurita
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.needs import need
from tests.patience import within


def refusal(server: GuritaServer) -> str:
    """What a server says that refuses to start: one line, and exit code 1."""
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


def test_a_server_answers_and_ends_cleanly_when_asked(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        assert server.get("serverstatus/health")["IsOperatingNormally"] is True
        with within(4.5):  # less than answers under way are given
            assert server.end() == 0
        assert "Traceback" not in server.log.read_text()


def test_an_open_event_stream_does_not_keep_a_server_from_ending(tmp_path: Path) -> None:
    with (
        gurita_server(tmp_path) as server,
        server.client.stream("GET", "/api/gurita/changes") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("id: ")
        assert server.process is not None
        with within(4):
            server.process.send_signal(signal.SIGTERM)
            assert list(lines)[-1] == "", "the stream ends in good order"
            assert server.process.wait(120) == 0
        assert "Traceback" not in server.log.read_text()


def test_a_server_comes_back_with_its_data_after_a_kill(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        made = server.post("environments", {"Name": "Somewhere"})
        server.restart(gently=False)
        assert server.get(f"environments/{made['Id']}")["Name"] == "Somewhere"


def test_the_administrator_of_the_environment_is_made_once_and_not_repeated(tmp_path: Path) -> None:
    with gurita_server(tmp_path, environment={"GURITA_ADMIN_USERNAME": "chief"}) as server:
        assert server.get("users/me")["Username"] == "chief"
        login = {"Username": "chief", "Password": PASSWORD}
        assert server.client.post("/api/users/login", json=login).status_code == 200
        assert PASSWORD not in server.log.read_text()
        assert server.api_key not in server.log.read_text()
        server.environment = {"GURITA_ADMIN_USERNAME": "other"}
        server.restart()
        assert server.get("users/me")["Username"] == "chief"


def test_what_is_drawn_is_shown_at_the_first_start_only_and_works(tmp_path: Path) -> None:
    drawn = {"GURITA_ADMIN_PASSWORD": "", "GURITA_ADMIN_API_KEY": ""}
    with gurita_server(tmp_path, environment=drawn) as server:
        said = server.log.read_text()
        found = re.search(r"user name  (\S+)\n  password   (\S+)\n  API key    (API-[A-Z0-9]+)\n", said)
        assert found is not None, said
        name, password, key = found.groups()
        with httpx2.Client(base_url=server.url, timeout=120) as client:
            assert client.get("/api/users/me", headers={"X-Octopus-ApiKey": key}).json()["Username"] == name
            login = {"Username": name, "Password": password}
            assert client.post("/api/users/login", json=login).status_code == 200
        server.restart()
        assert server.log.read_text().count(password) == 1


def test_a_start_that_fails_makes_no_administrator_nobody_was_told_of(tmp_path: Path) -> None:
    drawn = {"GURITA_ADMIN_PASSWORD": "", "GURITA_ADMIN_API_KEY": ""}
    server = GuritaServer(tmp_path, environment=drawn)
    with socket.create_server(("127.0.0.1", server.agent_port)):
        assert f"127.0.0.1:{server.agent_port}, where agents dial in, is in use" in refusal(server)
    with gurita_server(tmp_path, environment=drawn, data=server.data) as later:
        assert "password   " in later.log.read_text()


def test_a_second_server_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        said = refusal(GuritaServer(tmp_path / "second", data=server.data))
        assert said.startswith("gurita: Another Gurita server is using")
        assert server.get("serverstatus/health")["IsOperatingNormally"] is True


def test_a_port_in_use_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    server = GuritaServer(tmp_path)
    with socket.create_server(("127.0.0.1", server.port)):
        assert f"127.0.0.1:{server.port} is in use by another program" in refusal(server)
    assert not server.data.exists()


def test_another_root_key_is_refused_and_the_right_one_still_opens(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        server.end()
        wrong = base64.b64encode(b"0" * 32).decode()
        said = refusal(
            GuritaServer(tmp_path / "wrong", data=server.data, environment={"GURITA_ROOT_KEY": wrong})
        )
        assert "is not the one this database's secrets are encrypted under" in said
        key = server.data / "root.key"
        key.chmod(0o644)
        assert f"chmod 600 {key}" in refusal(GuritaServer(tmp_path / "open", data=server.data))
        key.chmod(0o600)
        server.start()
        assert server.get("users/me")["Username"] == "admin"


def test_data_of_a_newer_server_is_refused(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        server.end()
        with sqlite3.connect(server.data / "gurita.db") as database:
            database.execute("UPDATE alembic_version SET version_num = 'from the future'")
        database.close()
        said = refusal(GuritaServer(tmp_path / "later", data=server.data))
        assert "newer" in said


def test_a_database_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    address = "postgresql://gurita:very-secret@127.0.0.1:9/none"
    said = refusal(GuritaServer(tmp_path, database=address))
    assert "postgresql://gurita:***@127.0.0.1:9/none cannot be used" in said
    assert "very-secret" not in said


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("GURITA_ADMIN_API_KEY", "mine", "GURITA_ADMIN_API_KEY: must be 'API-'"),
        ("GURITA_ADMIN_PASSWORD", "short", "GURITA_ADMIN_PASSWORD: must have at least"),
        ("GURITA_ROOT_KEY", "no key", "GURITA_ROOT_KEY does not hold a root key"),
        ("GURITA_BLOBS", "/proc/nowhere", "--blobs /proc/nowhere cannot be used"),
        ("GURITA_TLS_CERT", "/nowhere", "--tls-cert and --tls-key go together"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str, told: str) -> None:
    assert told in refusal(GuritaServer(tmp_path, environment={name: value}))


def test_https_is_served_with_a_certificate_and_the_client_checks_it(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl: not on this machine (apt-get install openssl)")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = "-addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    subprocess.run(
        [openssl, *words.split(), *names.split(), "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    server = GuritaServer(tmp_path, options=["--tls-cert", str(cert), "--tls-key", str(key)])
    try:
        server.start(wait=False)
        server.until(lambda: "Gurita is ready at https://" in server.log.read_text())
        url = server.url.replace("http:", "https:")
        trusted = {"GURITA_URL": url, "GURITA_API_KEY": server.api_key, "SSL_CERT_FILE": str(cert)}
        assert gurita("project", "list", environment=trusted).code == 0
        untrusted = {name: value for name, value in trusted.items() if name != "SSL_CERT_FILE"}
        refused = gurita("project", "list", environment=untrusted)
        assert (refused.code, "certificate" in refused.err.lower()) == (1, True)
    finally:
        server.close()


def test_a_disk_that_is_full_refuses_and_loses_nothing(tmp_path: Path) -> None:
    need("root")
    need("namespaces")
    disk = tmp_path / "disk"
    disk.mkdir()
    # The mount is seen by this process and its children alone, and goes with them.
    server = GuritaServer(tmp_path / "server", data=disk / "data")
    command = " ".join(server.command())
    words = ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs -o size=6m tmpfs {disk} && exec {command}"]
    server.command = lambda: words  # type: ignore[method-assign]
    try:
        server.start()
        bodies = ({"Name": f"E{number}", "Description": "x" * 19_000} for number in range(1000))
        made, status, said = 0, 201, ""
        while status == 201:
            answer = server.client.post("/api/environments", json=next(bodies))
            status, said = answer.status_code, answer.text
            made += status == 201
        assert (status, "no space" in said) == (503, True), said
        assert server.get("environments", take=1)["TotalResults"] == made
        assert server.running
    finally:
        server.close()
