"""Real servers that the tests of a module share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    """One server for the tests of a module. Tests give what they make names of their own."""
    with gurita_server(tmp_path_factory.mktemp("server")) as made:
        yield made


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstart]:
    """One quickstart for the tests of a module; its administrator's password is `PASSWORD`."""
    made = Quickstart(tmp_path_factory.mktemp("quickstart"), {"GURITA_ADMIN_PASSWORD": PASSWORD})
    try:
        made.start()
        made.wait_ready()
        yield made
    finally:
        made.close()
