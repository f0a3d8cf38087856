"""Row `dashboard`: a thousand projects in fifty environments in the browser, until what is first seen of them stands."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.measured import Measured, median
from bench.portal_seed import Size, seed_dashboard
from tests.fixtures_portal import QUIET
from tests.fixtures_server import PASSWORD, GuritaServer

__all__ = ["dashboard"]

SIZE = Size(projects=1000, environments=50)
FIRST_PAINT = 1.5
LONGEST_TASK = 100.0
_CELL = "[role=gridcell] a"
_WATCH = """
window.__tasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.__tasks.push(entry.duration);
}).observe({ type: "longtask", buffered: true });
const look = () => {
  if (!document.querySelector("[role=gridcell] a")) return requestAnimationFrame(look);
  requestAnimationFrame(() => setTimeout(() => { window.__seen = performance.now(); }));
};
requestAnimationFrame(look);
"""
"""Notes when a frame with a filled cell was painted, and every task that kept the page busy for more than 50 ms."""


def dashboard(rounds: int) -> Iterator[Measured]:
    """From the address to the first cells, everything fetched anew but the scripts; then while somebody scrolls."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        server = GuritaServer(folder)
        stack.callback(server.close)
        server.start()
        server.end()
        seed_dashboard(server.data, SIZE)
        server.start()
        browser = stack.enter_context(_browser())
        page = _signed_in(browser, server.url)
        seen = [_first_paint(page, server.url) for _ in range(rounds)]
        tasks = [_scrolled(page) for _ in range(rounds)]
        drawn = page.locator("[role=gridcell]").count()
    seconds, longest = median(seen), median(tasks)
    size = f"{SIZE.projects:,} by {SIZE.environments}"
    told = f"{seconds:.2f} s, {drawn} cells of {SIZE.projects * SIZE.environments:,} drawn"
    yield Measured("dashboard", f"first paint, {size}", told, "", seconds, FIRST_PAINT, "s")
    told = f"{longest:.0f} ms the longest task"
    yield Measured("dashboard", f"scrolling, {size}", told, "", longest, LONGEST_TASK, "ms")


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    place = shutil.which("chromium")
    if place is None:
        raise RuntimeError("this row needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=place, args=[*QUIET], headless=True)
        try:
            yield found
        finally:
            found.close()


def _signed_in(browser: Browser, url: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/app/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_selector(_CELL)
    page.add_init_script(_WATCH)
    return page


def _first_paint(page: Page, url: str) -> float:
    """Seconds from the beginning of the navigation."""
    page.goto(f"{url}/app/Spaces-1")
    page.wait_for_selector(_CELL)
    page.wait_for_timeout(300)
    return float(page.evaluate("window.__seen")) / 1000


def _scrolled(page: Page) -> float:
    """Milliseconds of the longest task while the wheel is turned for three seconds; 0 where none was above 50."""
    page.wait_for_timeout(1000)
    box: Any = page.locator("[role=grid]").bounding_box()
    page.mouse.move(box["x"] + 400, box["y"] + 300)
    page.evaluate("() => { window.__tasks = []; }")
    for turn in range(60):
        page.mouse.wheel(60 if turn % 5 == 0 else 0, 120)
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    return float(max(page.evaluate("window.__tasks"), default=0))
