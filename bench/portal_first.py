"""The first page of the portal on a slow line, and how much script the first route needs (U53)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from bench.measured import Measured, median
from tests.fixtures_portal import QUIET
from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import PASSWORD
from tests.needs import NEEDS

__all__ = ["portal_first"]

_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
_SECONDS, _KILOBYTES = 4.0, 250.0
_SCRIPTS = """() => performance.getEntriesByType("resource")
  .filter((each) => new URL(each.name).pathname.endsWith(".js"))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)"""


def portal_first(rounds: int) -> Iterator[Measured]:
    """Opens the portal with a cold cache at 400 ms and 1 Mbit/s; then the dashboard, on a fast line."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Quickstart(Path(folder), {"GURITA_ADMIN_PASSWORD": PASSWORD})
        browser = playwright.chromium.launch(
            executable_path=NEEDS["chromium"].find(), args=[*QUIET], headless=True
        )
        try:
            server.start()
            server.wait_ready()
            took = median(_slow(browser, server.url) for _ in range(rounds))
            kilobytes = _first_route(browser, server.url) / 1000
        finally:
            browser.close()
            server.close()
    yield Measured("portal", "first page, 400 ms, 1 Mbit/s", f"{took:.2f} s", "", took, _SECONDS, "s")
    yield Measured(
        "portal", "script of the first route", f"{kilobytes:.0f} kB", "", kilobytes, _KILOBYTES, "kB"
    )


def _slow(browser: Browser, url: str) -> float:
    """Seconds until somebody new could type."""
    context = browser.new_context()
    try:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", _SLOW)
        page.goto(f"{url}/app", wait_until="commit")
        page.get_by_label("User name").wait_for(timeout=30_000)
        return float(page.evaluate("() => performance.now()")) / 1000
    finally:
        context.close()


def _first_route(browser: Browser, url: str) -> float:
    """Bytes of script, compressed, that the dashboard needs from a cold cache."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"{url}/app")
        page.get_by_label("User name").fill("admin")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard", timeout=20_000)
        page.wait_for_load_state("load")
        return float(page.evaluate(_SCRIPTS))
    finally:
        context.close()
