"""For every test: what was real is counted and shown at the end, and unit tests reach no network."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import closing_table
from tests.fixtures_postgres import database_url, postgres, postgres_url
from tests.needs import listen, need

__all__ = ["anyio_backend", "database_url", "postgres", "postgres_url"]

_HERE = Path(__file__).parent
_ORDER = {"unit": 0, "functional": 1, "browser": 2}

_active: list[set[str]] = []
_of_fixture: dict[tuple[str, str], set[str]] = {}
_sockets_refused = threading.Event()
_USED = pytest.StashKey[set[str]]()


def _part(path: Path) -> str:
    """`unit`, `functional`, `browser`: the folder below tests/."""
    return path.relative_to(_HERE).parts[0] if path.is_relative_to(_HERE) else "elsewhere"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the server does."""
    return "asyncio"


def pytest_configure() -> None:
    listen(_count)
    # A shared machine is at times slow; a test's own limit is pytest-timeout's.
    slow = [HealthCheck.too_slow]
    settings.register_profile("gurita", deadline=None, print_blob=True, suppress_health_check=slow)
    settings.load_profile("gurita")


def _count(name: str) -> None:
    for names in _active:
        names.add(name)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first; inside a part the order stays random."""
    items.sort(key=lambda item: _ORDER.get(_part(item.path), 3))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Remembers what a fixture needed, for every later test that uses the same instance."""
    names: set[str] = set()
    _of_fixture[fixturedef.argname, repr(getattr(request, "param", None))] = names
    _active.append(names)
    try:
        return (yield)
    finally:
        _active.pop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    names: set[str] = set()
    _active.append(names)
    item.stash[_USED] = names
    if _part(item.path) == "unit":
        _sockets_refused.set()
    try:
        return (yield)
    finally:
        _sockets_refused.clear()
        _active.pop()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            need(name)


def _used(item: pytest.Item) -> set[str]:
    used = item.stash[_USED]
    names = set(used)
    params: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    for fixture in getattr(item, "fixturenames", ()):
        names |= _of_fixture.get((fixture, repr(params.get(fixture))), set())
    return names


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    report.user_properties = [*report.user_properties, *(("real", name) for name in sorted(_used(item)))]
    closing_table.refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    closing_table.refuse_skip(report)
    return report


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("what was real")
    for line in closing_table.lines(terminalreporter.stats):
        terminalreporter.write_line(line)
    seed = getattr(terminalreporter.config.option, "randomly_seed", None)
    terminalreporter.write_line(f"the same order again: --randomly-seed={seed}")


def _no_network(event: str, arguments: tuple[Any, ...]) -> None:
    """A unit test opens no sockets: an audit hook sees every one Python opens, whoever asks for it."""
    if event not in {"socket.connect", "socket.bind"} or not _sockets_refused.is_set():
        return
    opened, address = arguments
    if (
        opened.family in {socket.AF_INET, socket.AF_INET6}
        and threading.current_thread() is threading.main_thread()
    ):
        raise RuntimeError(f"a unit test opened a socket to {address}; it belongs in tests/functional")


sys.addaudithook(_no_network)
