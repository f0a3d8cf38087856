"""The agent's configuration, unit file, addresses and requests to the server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gurita.agent import config
from gurita.agent.config import Config
from gurita.agent.errors import AgentError, AlreadyRuns, NotRegistered, ServerRefused
from gurita.agent.main import deregister, register
from gurita.agent.register import Api, Machine
from gurita.agent.service import address
from gurita.agent.unit import unit


def test_a_configuration_is_read_as_it_was_saved_and_private(tmp_path: Path) -> None:
    saved = Config(("SHA256:x",), "sub", ("h:1", "g:2"), "", "https://s", "machines/Machines-1")
    config.save(tmp_path / "new", saved)
    assert config.load(tmp_path / "new") == saved
    assert (tmp_path / "new" / "config.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"server_fingerprints": 3, "subscription": "s"}', "nonsense"]
)
def test_a_configuration_nobody_understands_names_the_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(NotRegistered, match="register"):
        config.load(tmp_path)


def test_a_home_without_configuration_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotRegistered, match="gurita agent register"):
        config.load(tmp_path)


def test_one_home_is_held_by_one_agent(tmp_path: Path) -> None:
    with config.held(tmp_path), pytest.raises(AlreadyRuns, match="--home"), config.held(tmp_path):
        pass
    with config.held(tmp_path):
        pass


@pytest.mark.parametrize(
    ("text", "expected"), [("h:1", ("h", 1)), ("[::1]:22", ("::1", 22)), ("10.0.0.1:0", ("10.0.0.1", 0))]
)
def test_an_address_has_a_host_and_a_port(text: str, expected: tuple[str, int]) -> None:
    assert address(text) == expected


@pytest.mark.parametrize("text", ["h", "h:", "h:x", "h:65536", "h:-1", ""])
def test_an_address_without_a_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        address(text)


def test_the_unit_keeps_scripts_alive_and_does_not_run_as_root() -> None:
    text = unit(["/opt/gurita/bin/gurita", "agent"], Path("/var/lib/gurita-agent"))
    lines = text.splitlines()
    assert "KillMode=process" in lines
    assert "Restart=always" in lines
    assert "User=gurita" in lines
    assert "ExecStart=/opt/gurita/bin/gurita agent run --home /var/lib/gurita-agent" in lines


def test_the_unit_quotes_what_systemd_would_read_otherwise() -> None:
    assert 'run --home "/a b/100%%$$x"' in unit(["/g", "agent"], Path("/a b/100%$x"))


@pytest.mark.parametrize(
    ("home", "user"), [("/a\nUser=root", "u"), ("/a", "u\nExecStart=x"), ("/a", ""), ("/a", "a b")]
)
def test_the_unit_takes_no_second_line_from_a_path_or_name(home: str, user: str) -> None:
    with pytest.raises(AgentError):
        unit(["/g", "agent"], Path(home), user)


class Server:
    """A server of a few answers, and what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, Any]] = []
        self.headers: dict[str, str] = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content) if request.content else None
        self.asked.append((request.method, request.url.path, body))
        self.headers = dict(request.headers)
        if request.url.path == "/api/gurita/agent/bootstrap":
            return httpx2.Response(
                200, json={"ServerFingerprint": "SHA256:s", "AgentPort": 10943, "Version": "0.1.0"}
            )
        if request.url.path.endswith("/all"):
            return httpx2.Response(200, json=self.answers[request.url.path.split("/")[-2]])
        if request.method == "POST":
            return httpx2.Response(*self.answers.get("post", (201,)), json={"Id": "Machines-7"})
        return httpx2.Response(
            self.answers.get("delete", 200), json={"ErrorMessage": "no", "Errors": ["why"]}
        )

    def api(self, **key: str) -> Api:
        return Api("http://server.test:8065/", transport=httpx2.MockTransport(self), **key)


def test_a_polling_agent_registers_by_names_and_keeps_whom_to_trust(tmp_path: Path) -> None:
    server = Server(
        environments=[{"Id": "Environments-1", "Name": "Test", "Slug": "test"}],
        spaces=[{"Id": "Spaces-2", "Name": "Second", "Slug": "second"}],
    )
    machine = Machine("web01", ("test",), ("web", "db"), space="second")
    made = register(server.api(api_key="API-X"), machine, home=tmp_path)
    assert server.headers["x-octopus-apikey"] == "API-X"
    method, path, body = server.asked[-1]
    assert (method, path) == ("POST", "/api/Spaces-2/machines")
    assert body["EnvironmentIds"] == ["Environments-1"]
    assert body["Roles"] == ["web", "db"]
    assert body["Endpoint"]["CommunicationStyle"] == "TentacleActive"
    assert body["Endpoint"]["Uri"] == f"poll://{made.subscription}/"
    assert body["Thumbprint"].startswith("SHA256:")
    assert made.servers == ("server.test:10943",)
    assert made.server_fingerprints == ("SHA256:s",)
    assert config.load(tmp_path) == made
    assert made.machine == "Spaces-2/machines/Machines-7"


def test_a_listening_agent_tells_the_address_others_reach_it_at(tmp_path: Path) -> None:
    server = Server()
    made = register(
        server.api(token="once"),
        Machine("web01", ("Test",)),
        home=tmp_path,
        listen="0.0.0.0:10933",
        public_host="w.test",
    )
    body = server.asked[-1][2]
    assert server.headers["x-gurita-registration-token"] == "once"
    assert body["Endpoint"]["CommunicationStyle"] == "TentaclePassive"
    assert body["Uri"] == "https://w.test:10933/"
    assert body["EnvironmentIds"] == ["Test"]
    assert (made.listen, made.servers) == ("0.0.0.0:10933", ())


def test_with_pools_it_becomes_a_worker(tmp_path: Path) -> None:
    server = Server(workerpools=[{"Id": "WorkerPools-1", "Name": "Fast"}])
    made = register(server.api(api_key="API-X"), Machine("w", pools=("Fast",)), home=tmp_path)
    assert server.asked[-1][1:] == ("/api/workers", server.asked[-1][2])
    assert server.asked[-1][2]["WorkerPoolIds"] == ["WorkerPools-1"]
    assert made.machine == "workers/Machines-7"


def test_an_unknown_environment_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    server = Server(environments=[])
    with pytest.raises(ServerRefused, match="'Prod'"):
        register(server.api(api_key="API-X"), Machine("w", ("Prod",)), home=tmp_path)
    assert [method for method, _, _ in server.asked] == ["GET", "GET"]


@pytest.mark.parametrize("status", [200, 404])
def test_deregistering_removes_the_machine_and_the_configuration(tmp_path: Path, status: int) -> None:
    config.save(tmp_path, Config(("SHA256:s",), "sub", machine="machines/Machines-7"))
    server = Server(delete=status)
    deregister(server.api(api_key="API-X"), tmp_path)
    assert server.asked == [("DELETE", "/api/machines/Machines-7", None)]
    assert not (tmp_path / "config.json").exists()


def test_a_refused_deregistration_keeps_the_configuration_and_says_why(tmp_path: Path) -> None:
    config.save(tmp_path, Config(("SHA256:s",), "sub", machine="machines/Machines-7"))
    with pytest.raises(ServerRefused, match="403: no; why"):
        deregister(Server(delete=403).api(api_key="API-X"), tmp_path)
    assert (tmp_path / "config.json").exists()


@pytest.mark.parametrize("url", ["server", "ftp://server", "http://", "file:///etc/passwd"])
def test_only_web_addresses_are_servers(url: str) -> None:
    with pytest.raises(AgentError, match="https://name"):
        Api(url)
