"""What lies between a browser and the server: a proxy that takes no large files, and a network that vanishes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.releasing import archive
from tests.cutting_proxy import CuttingProxy
from tests.fixtures_portal import Visitor
from tests.fixtures_proxies import front
from tests.fixtures_quickstart import Quickstart
from tests.needs import need

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
SMALL = "Ways.Small.1.0.0.zip"
LARGE = "Ways.Large.1.0.0.zip"


def test_a_proxy_that_takes_no_large_file_is_named_with_what_to_set_and_smaller_ones_go_through(
    quickstart: Quickstart, visit: Visit, tmp_path: Path
) -> None:
    """nginx takes 1 MB unless it is told otherwise."""
    need("nginx")
    large = tmp_path / LARGE
    with large.open("wb") as made:
        made.truncate(3 << 20)
    visitor = visit()
    visitor.forgive("413 (Request Entity Too Large)", "ERR_")
    (tmp_path / "nginx").mkdir()
    with front("nginx", tmp_path / "nginx", quickstart.port) as proxy:
        page = visitor.sign_in(proxy.url, "Spaces-1/library/packages")
        files = page.locator("input[type=file]")
        files.set_input_files(large)
        refused = page.locator(f"[data-upload='{LARGE}']").get_by_role("alert")
        expect(refused).to_contain_text("takes no file of this size (3")
        expect(refused).to_contain_text("client_max_body_size")
        small = {"name": SMALL, "mimeType": "application/zip", "buffer": archive("small")}
        files.set_input_files(small)  # type: ignore[arg-type]
        expect(page.locator(f"[data-upload='{SMALL}']")).to_contain_text("There")
        visitor.look_everywhere("upload-too-large-for-a-proxy")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()


def test_a_network_that_vanishes_without_a_word_is_noticed_and_what_was_missed_is_shown_when_it_is_back(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("ERR_")
    with CuttingProxy(quickstart.port) as between:
        page = visitor.sign_in(f"http://127.0.0.1:{between.port}", "Spaces-1/infrastructure/environments")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        between.vanish()
        told = page.get_by_text("The server cannot be reached.")
        expect(told).to_be_visible(timeout=90_000)
        expect(page.locator("[data-freshness]")).to_have_text("Reconnecting")
        visitor.look("network-vanished")
        key = (quickstart.data / "cli.key").read_text().strip()
        made = visitor.context.request.post(
            f"{quickstart.url}/api/Spaces-1/environments",
            data={"Name": "Made meanwhile"},
            headers={"X-Octopus-ApiKey": key},
        )
        assert made.ok, made.text()
        expect(page.get_by_role("link", name="Made meanwhile")).to_have_count(0)
        between.return_()
        expect(page.get_by_role("link", name="Made meanwhile")).to_be_visible(timeout=90_000)
        expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=90_000)
        expect(told).to_have_count(0)
