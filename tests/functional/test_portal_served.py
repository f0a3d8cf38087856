"""How the portal's page and files come from the server: policy, nonce, prefix, caching, compression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.fixtures_portal import built
from tests.fixtures_server import gurita_server


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a server below a prefix that sends no credentials."""
    built()
    folder = tmp_path_factory.mktemp("portal")
    options = ["--prefix", "/tools/gurita"]
    with (
        gurita_server(folder, options=options, ready_path="/tools/gurita/api") as server,
        httpx2.Client(base_url=f"{server.url}/tools/gurita", timeout=120) as client,
    ):
        yield client


def test_every_path_of_the_portal_is_the_page_with_a_nonce_of_its_own(web: httpx2.Client) -> None:
    nonces = set()
    for path in ("/app", "/app/Spaces-1/projects/web?tab=x", "/app/index.html", "/app/a%20b/c"):
        answer = web.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"style-src 'self' 'nonce-([\w-]+)'", policy)
        assert nonce is not None
        assert f'data-nonce="{nonce[1]}"' in answer.text
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy
        assert 'data-base="/tools/gurita"' in answer.text
        nonces.add(nonce[1])
    assert len(nonces) == 4


def test_files_are_compressed_and_kept_where_their_name_changes_with_them(web: httpx2.Client) -> None:
    page = web.get("/app").text
    script = re.search(r'src="(/tools/gurita/app/assets/[^"]+\.js)"', page)
    assert script is not None
    path = script[1].removeprefix("/tools/gurita")
    for coding in ("br", "gzip"):
        with web.stream("GET", path, headers={"Accept-Encoding": coding}) as answer:
            assert answer.headers["content-encoding"] == coding
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["vary"] == "Accept-Encoding"
    theme = web.get("/app/theme.js")
    assert theme.headers["cache-control"] == "no-cache"


def test_a_file_of_another_build_is_not_there_instead_of_being_the_page(web: httpx2.Client) -> None:
    answer = web.get("/app/assets/index-OLD.js")
    assert answer.status_code == 404
    assert "index-OLD.js" in answer.json()["ErrorMessage"]


def test_a_browser_that_comes_to_the_root_is_sent_to_the_portal(web: httpx2.Client) -> None:
    answer = web.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/tools/gurita/app")


def test_a_page_can_ask_which_build_the_server_has(web: httpx2.Client) -> None:
    build = web.get("/app/build").json()["Build"]
    assert f'data-build="{build}"' in web.get("/app").text


def test_a_server_without_its_pages_says_how_they_are_built(tmp_path: Path) -> None:
    with gurita_server(tmp_path, environment={"GURITA_PORTAL": str(tmp_path / "none")}) as server:
        answer = httpx2.get(f"{server.url}/app", timeout=120)
        assert answer.status_code == 503
        assert "scripts/build" in answer.text
