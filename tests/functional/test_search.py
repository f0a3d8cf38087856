"""Finding things of a space by a part of their names, for the portal's palette and for clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract_content import Filled, filled


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A server with one of everything."""
    with filled(tmp_path_factory.mktemp("search")) as made:
        yield made


def test_releases_are_found_by_their_version_beside_projects_by_their_name(full: Filled) -> None:
    release = full.server.get("Spaces-1/releases")["Items"][0]
    found = full.server.get("Spaces-1/search", keyword=release["Version"])
    assert {"Id": release["Id"], "Name": release["Version"], "Type": "Release"} in found
    project = full.server.get("Spaces-1/projects")["Items"][0]
    found = full.server.get("Spaces-1/search", keyword=project["Name"].upper())
    assert {"Id": project["Id"], "Name": project["Name"], "Type": "Project"} in found


def test_nothing_is_looked_for_without_a_word(full: Filled) -> None:
    assert full.server.get("Spaces-1/search", keyword="  ") == []
