"""From an empty server to the first green deployment on a machine of one's own, in a real browser with a real agent."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gurita.agent.main import register
from gurita.agent.register import Api, Machine
from tests.fixtures_carriers import AgentProcess
from tests.fixtures_portal import Visitor
from tests.fixtures_server import GuritaServer, gurita_server

pytestmark = pytest.mark.timeout(900)
Visit = Callable[..., Visitor]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[GuritaServer]:
    """A server nobody has used."""
    with gurita_server(tmp_path / "server") as server:
        yield server


def pasted(command: str, server: GuritaServer, home: Path) -> AgentProcess:
    """An agent as the pasted command makes it, less the download: the same words reach the same program."""
    words = shlex.split(command.partition("--")[2].partition(" ")[2])
    told = dict(zip(words[::2], words[1::2], strict=True))
    assert told["--server"] == server.url
    home.mkdir()
    with Api(told["--server"], token=told["--token"]) as api:
        dialled = [f"127.0.0.1:{server.agent_port}"]
        register(api, Machine("my-machine", (), (), space=told["--space"]), home=home, servers=dialled)
    agent = AgentProcess(home)
    agent.start()
    return agent


def test_the_guide_leads_from_an_empty_server_to_a_green_deployment(
    empty: GuritaServer, visit: Visit, tmp_path: Path
) -> None:
    visitor = visit()
    page = visitor.sign_in(empty.url)
    page.get_by_role("link", name="first deployment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First deployment")
    visitor.look("guide-empty")
    page.get_by_role("button", name="Make 2 environments").click()
    agent = _machine(visitor, empty, tmp_path / "agent")
    try:
        expect(page.get_by_role("button", name="Make the project Hello Gurita")).to_be_visible()
        page.get_by_role("button", name="Make the project Hello Gurita").click()
        page.get_by_role("button", name="Release Hello Gurita and deploy it to Development").click()
        expect(page.get_by_text("That was a whole deployment.")).to_be_visible()
        visitor.look("guide-done")
        _thrown_away(page)
    finally:
        agent.stop()


def _machine(visitor: Visitor, server: GuritaServer, home: Path) -> AgentProcess:
    page = visitor.page
    page.get_by_role("button", name="Make the command that adds a machine").click()
    command = page.get_by_label("Command").inner_text()
    visitor.look("guide-waiting")
    return pasted(command, server, home)


def _thrown_away(page: Page) -> None:
    page.get_by_role("button", name="Throw Hello Gurita away").click()
    page.get_by_label("Type Hello Gurita to confirm").fill("Hello Gurita")
    page.get_by_role("dialog").get_by_role("button", name="Throw Hello Gurita away").click()
    expect(page.get_by_role("button", name="Make the project Hello Gurita")).to_be_visible()
