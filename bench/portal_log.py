"""Row `portal-log`: the page of a task whose log has a million lines, in Chromium: until its first lines are painted, what the
page then holds, and until its first error is in sight."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select

from bench.measured import Measured, median
from gurita.engine.logs import LogEntry, LogPlace
from gurita.engine.owner import Owner, own_and_log
from gurita.engine.queue import Claimed, NewTask, claim_in, submit_in
from gurita.engine.tables import task
from gurita.engine.transitions import transition
from gurita.store.db import Store
from gurita.store.tx import Tx
from tests.fixtures_portal import QUIET
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.needs import need

__all__ = ["LINES", "portal_log"]

LINES = 1_000_000
ERROR = 777_777
"""The number of the one line that is an error, counted from 1."""

OPEN, HEAP = 1.0, 150.0
"""Seconds, and megabytes (10⁶ bytes) after a collection."""

_CHUNK = 1_000
_INFO, _GRAVE = 1, 5
_PAINTED = """() => {
  window.benchPainted = 0;
  const look = () => {
    const line = document.querySelector("[data-line='20']");
    if (line && line.textContent.includes("line "))
      requestAnimationFrame(() => setTimeout(() => { window.benchPainted = performance.now(); }));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def portal_log(rounds: int) -> Iterator[Measured]:
    """The script files come from the browser's cache, as they do for whoever was here before."""
    chromium = need("chromium")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        server = stack.enter_context(gurita_server(folder / "server"))
        server.end()
        number = asyncio.run(_seed(server.data / "gurita.db"))
        server.start()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET], headless=True)
        stack.callback(browser.close)
        page = _signed_in(browser, server)
        address = f"{server.url}/app/Spaces-1/tasks/ServerTasks-{number}"
        opened = [_opened(page, address) for _ in range(rounds + 1)][1:]
        found = [_first_error(page, address) for _ in range(rounds)]
        _read_on(page)
        heap = _heap(page)
    seconds, error = median(opened), median(found)
    what = f"{LINES:,} lines"
    yield Measured("portal-log", f"{what}: first lines painted", f"{seconds:.2f} s", "", seconds, OPEN, "s")
    yield Measured("portal-log", f"{what}: first error in sight", f"{error:.2f} s", "", error, OPEN, "s")
    yield Measured("portal-log", f"{what}: heap of the page", f"{heap:.0f} MB", "", heap, HEAP, "MB")


async def _seed(database: Path) -> int:
    """A task that has ended, with its log; its number. The chunks are written as a task's owner writes them."""
    store = await Store.open(f"sqlite:///{database}")
    now = int(time.time() * 1000)
    try:
        owner = await store.write(lambda tx: _begun(tx, now))
        for start in range(0, LINES, 50 * _CHUNK):
            await store.write(lambda tx, first=start: _written(tx, owner, first, now))  # type: ignore[misc]
        await store.write(lambda tx: transition(tx, "succeed", owner.number, now + 1))
        lines = await store.read(
            lambda tx: tx.scalar(select(task.c.log_lines).where(task.c.number == owner.number))
        )
    finally:
        await store.close()
    if lines != LINES:
        raise RuntimeError(f"the log has {lines} lines, not {LINES}")
    return owner.number


def _begun(tx: Tx, now: int) -> Owner:
    submit_in(tx, NewTask("Spaces-1", "Deploy", "Deploy a long log"), now)
    claimed = claim_in(tx, "OctopusServerNodes-main", now)
    if not isinstance(claimed, Claimed):
        raise TypeError("the task could not be begun")
    return claimed.owner


def _written(tx: Tx, owner: Owner, first: int, now: int) -> None:
    for start in range(first, first + 50 * _CHUNK, _CHUNK):
        numbers = range(start + 1, start + _CHUNK + 1)
        if ERROR not in numbers:
            entries = [LogEntry(now, _INFO, "\n".join(f"line {n:054d}" for n in numbers))]
        else:
            entries = [LogEntry(now, _GRAVE if n == ERROR else _INFO, f"line {n:054d}") for n in numbers]
        own_and_log(tx, owner, LogPlace(), entries)


def _signed_in(browser: Browser, server: GuritaServer) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(f"({_PAINTED})()")
    page.goto(f"{server.url}/app/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    return page


def _opened(page: Page, address: str) -> float:
    """Seconds from the navigation until the first screen of lines was painted."""
    page.goto(address)
    page.wait_for_function("() => window.benchPainted > 0", timeout=60_000)
    return float(page.evaluate("() => window.benchPainted")) / 1000


def _first_error(page: Page, address: str) -> float:
    """Seconds from the button until the line stands in sight."""
    _opened(page, address)
    return float(
        page.evaluate(
            """(wanted) => new Promise((done) => {
              const button = [...document.querySelectorAll("button")].find((one) => one.textContent === "First error");
              const began = performance.now();
              const look = () => {
                const line = document.querySelector(`[data-line='${wanted}']`);
                if (line?.textContent.includes("line ")) setTimeout(() => done((performance.now() - began) / 1000));
                else requestAnimationFrame(look);
              };
              button.click();
              look();
            })""",
            ERROR,
        )
    )


def _read_on(page: Page) -> None:
    """Reads here and there, to the end, so that the page holds what it holds of somebody who works with it."""
    box = page.get_by_role("region", name="Lines of the log")
    box.focus()
    for _ in range(100):
        page.keyboard.press("PageDown")
    page.keyboard.press("End")
    expect(page.locator(f"[data-line='{LINES}']")).to_contain_text(f"{LINES:054d}")
    box.hover()
    for _ in range(40):
        page.mouse.wheel(0, -2_000)


def _heap(page: Page) -> float:
    """Megabytes the page's scripts hold after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1e6
