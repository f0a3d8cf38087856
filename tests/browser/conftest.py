"""What tests in the browser share: the machine's Chromium, a server with the sample, and visitors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.fixtures_portal import PATIENCE, QUIET, Visitor, built
from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import PASSWORD
from tests.needs import need
from tests.scenario import Scenario

expect.set_options(timeout=PATIENCE)
_loops: list[asyncio.AbstractEventLoop] = []


@pytest.fixture(scope="session")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstart]:
    """Server, agent and sample. All tests of a worker share it: each makes the projects it changes."""
    need("chromium")
    built()
    made = Quickstart(tmp_path_factory.mktemp("browser"), {"GURITA_ADMIN_PASSWORD": PASSWORD})
    try:
        made.start()
        made.wait_ready()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def api(quickstart: Quickstart) -> Iterator[Scenario]:
    """The API by the key of the sample's administrator."""
    headers = {"X-Octopus-ApiKey": (quickstart.data / "cli.key").read_text().strip()}
    with httpx2.Client(base_url=quickstart.url, headers=headers, timeout=120, trust_env=False) as client:
        yield Scenario(client)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright's loop counts as running in this thread while a test in the browser runs, and no longer.

    A worker may take other tests afterwards, and where a loop runs no test can begin one of its own.
    """
    if _loops and item.path.is_relative_to(Path(__file__).parent):
        asyncio._set_running_loop(_loops[-1])
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a screen."""
    place = need("chromium")
    built()
    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        _loops.append(loop)
        found = playwright.chromium.launch(
            executable_path=place, args=[*QUIET], headless=True, timeout=180_000
        )
        try:
            yield found
        finally:  # perhaps at the end of a test that has nothing to do with browsers
            asyncio._set_running_loop(loop)
            _loops.remove(loop)
            found.close()
    asyncio._set_running_loop(None)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors, `visit(scheme="dark", width=320)`; what their consoles complained of fails the test."""
    made: list[Visitor] = []

    def one(scheme: str = "light", width: int = 1280, height: int = 900) -> Visitor:
        made.append(Visitor.arriving(browser, scheme, width, height))
        return made[-1]

    yield one
    complaints = [each for visitor in made for each in visitor.complaints]
    for visitor in made:
        visitor.leave()
    assert complaints == []
