"""Agents that come by WebSocket: through reverse proxies and forward proxies, cut off, and turned away."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from gurita.agent.main import register
from gurita.agent.register import Api, Machine
from gurita.transport.carrier import PATH, SUBPROTOCOL
from tests.fixtures_carriers import AgentProcess
from tests.fixtures_proxies import FRONTS, ConnectProxy, front
from tests.fixtures_server import GuritaServer, gurita_server
from tests.scenario import Scenario, script, step


@contextlib.contextmanager
def web_agent(
    folder: Path, server: GuritaServer, url: str, *, role: str, proxy: str = ""
) -> Iterator[AgentProcess]:
    """An agent that was registered and runs through `url`."""
    home = folder / "agent"
    home.mkdir()
    wanted = Machine(f"machine for {role}", ("Here",), (role,), space="Spaces-1")
    with Api(url, api_key=server.api_key) as api:
        made = register(api, wanted, home=home, websocket=True, proxy=proxy)
    assert made.servers == (url,)
    agent = AgentProcess(home)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop(signal.SIGTERM)


def project(scenario: Scenario, role: str, body: str) -> str:
    """A project that runs `body` on machines of the role, and the id of its release."""
    made = scenario.project(f"Project for {role}", [step("Work", script(body), roles=role)])
    return scenario.release(made["Name"])


def here(scenario: Scenario) -> str:
    """The environment of all these machines."""
    found = [each["Id"] for each in scenario.get("environments/all") if each["Name"] == "Here"]
    return str(found[0]) if found else scenario.environment("Here")


@pytest.fixture(scope="module")
def scenario(server: GuritaServer) -> Iterator[Scenario]:
    """The module's server, with an environment to join."""
    with httpx2.Client(
        base_url=server.url, headers={"X-Octopus-ApiKey": server.api_key}, trust_env=False, timeout=120
    ) as client:
        made = Scenario(client)
        here(made)
        yield made


@pytest.mark.parametrize("kind", FRONTS)
def test_a_deployment_through_a_reverse_proxy_outlives_the_proxy(
    kind: str, server: GuritaServer, scenario: Scenario, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    body = f"echo begun >> {count}; for n in $(seq 1 60); do echo line-$n; sleep 0.05; done"
    with (
        front(kind, tmp_path, server.port) as door,
        web_agent(tmp_path, server, door.url, role=kind),
    ):
        task = scenario.deploy(project(scenario, kind, body), here(scenario))
        server.until(lambda: count.exists() and "line-3" in scenario.raw(task))
        door.kill()
        door.start()
        ended = scenario.wait(task)
    assert ended["State"] == "Success", scenario.raw(task)
    assert count.read_text() == "begun\n"
    lines = [line.rpartition(" ")[2] for line in scenario.raw(task).splitlines() if " line-" in line]
    assert lines == [f"line-{number}" for number in range(1, 61)]


def test_an_agent_behind_a_forward_proxy_dials_through_it_with_its_credentials(
    server: GuritaServer, scenario: Scenario, tmp_path: Path
) -> None:
    with ConnectProxy("porter:open sesame") as proxy:
        way = f"http://porter:open%20sesame@127.0.0.1:{proxy.port}"
        with web_agent(tmp_path, server, server.url, role="proxied", proxy=way) as agent:
            task = scenario.deploy(project(scenario, "proxied", "echo came-through"), here(scenario))
            assert scenario.wait(task)["State"] == "Success", scenario.raw(task)
            assert "sesame" not in agent.log()
    assert f"CONNECT 127.0.0.1:{server.port}" in proxy.asked


def test_a_proxy_that_refuses_is_named_in_the_agents_log(
    server: GuritaServer, scenario: Scenario, tmp_path: Path
) -> None:
    here(scenario)
    with ConnectProxy("porter:right") as proxy:
        way = f"http://porter:wrong@127.0.0.1:{proxy.port}"
        with web_agent(tmp_path, server, server.url, role="refused", proxy=way) as agent:
            server.until(lambda: "cannot connect" in agent.log() and "407" in agent.log(), why=agent.log)
            assert "wrong" not in agent.log()


def test_a_stranger_gets_in_nowhere_and_a_plain_request_is_told_what_is_here(server: GuritaServer) -> None:
    address = f"ws://127.0.0.1:{server.port}{PATH}"
    with connect(address, subprotocols=[SUBPROTOCOL], proxy=None, open_timeout=120) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == SUBPROTOCOL
        socket.send(b"GET / HTTP/1.0\r\n\r\n")
        with contextlib.suppress(Exception):
            while socket.recv(timeout=240):
                pass
        assert socket.protocol.state.name in {"CLOSED", "CLOSING"}
    answer = httpx2.get(f"{server.url}{PATH}", trust_env=False, timeout=120)
    assert answer.status_code in {404, 405}
    assert answer.json()["ErrorMessage"]


def test_more_strangers_than_the_server_takes_are_told_to_come_again(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server, contextlib.ExitStack() as stack:
        address = f"ws://127.0.0.1:{server.port}{PATH}"
        knocking = 0
        with pytest.raises(InvalidStatus) as refused:
            while knocking < 1000:  # who stands there too long without a word is sent away meanwhile
                stack.enter_context(connect(address, proxy=None, open_timeout=120))
                knocking += 1
        assert (refused.value.response.status_code, knocking >= 100) == (503, True)
        assert server.get("serverstatus")["Links"]
