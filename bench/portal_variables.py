"""Row `grid`: the page of a project with 10,000 variables in Chromium: until all is there and painted, and from a key to its paint."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from bench.measured import Measured, median
from tests.fixtures_portal import QUIET
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server
from tests.needs import need
from tests.scenario import Scenario, script, step

__all__ = ["COUNT", "grid"]

COUNT = 10_000
KEYS = 50
OPEN, KEY, SAVE = 1.5, 50.0, 10.0
"""Seconds, milliseconds, and seconds: a save has no budget in the issue; this keeps it sane."""

_WATCH = """() => {
  const marks = { keys: [], grid: 0 };
  window.benchMarks = marks;
  const seen = () => {
    if (marks.grid) return;
    const grid = document.querySelector("[role=grid]");
    if (grid?.querySelector("[data-row]") && Number(grid.getAttribute("aria-rowcount")) > ROWS)
      requestAnimationFrame(() => setTimeout(() => { marks.grid ||= performance.now(); }));
    else requestAnimationFrame(seen);
  };
  requestAnimationFrame(seen);
  window.addEventListener("keydown", (event) => {
    const began = event.timeStamp;
    requestAnimationFrame(() => setTimeout(() => marks.keys.push(performance.now() - began)));
  }, true);
}"""


def grid(rounds: int) -> Iterator[Measured]:
    """The server's answer, reading it, and drawing are all in it; the script files come from the browser's cache, as they do
    for whoever was here before."""
    chromium = need("chromium")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        server = stack.enter_context(gurita_server(folder / "server"))
        slug = _seeded(Scenario(server.client))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET], headless=True)
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(f"({_WATCH.replace('ROWS', str(COUNT))})()")
        _sign_in(page, server)
        address = f"{server.url}/app/Spaces-1/projects/{slug}/variables"
        opened = [_opened(page, address) for _ in range(rounds + 1)][1:]
        moving, typing = _moving(page), _typing(page)
        saved = _saved(page)
    seconds = median(opened)
    yield Measured("grid", f"{COUNT:,} variables open", f"{seconds:.2f} s", "", seconds, OPEN, "s")
    for what, keys in (("an arrow to paint", moving), ("a letter to paint", typing)):
        worst = sorted(keys)[int(len(keys) * 0.95)]
        told = f"median {median(keys):.0f} ms, 95 % within {worst:.0f} ms"
        yield Measured("grid", what, told, "", worst, KEY, "ms")
    yield Measured("grid", "one change saved", f"{saved:.1f} s", "", saved, SAVE, "s")


def _seeded(made: Scenario) -> str:
    """A project with the variables: some scoped, some that mention others, one in a hundred sensitive."""
    environments = [made.environment(f"Environment {number}") for number in range(10)]

    def variable(number: int) -> dict[str, Any]:
        found: dict[str, Any] = {"Name": f"App.Module{number // 2}.Setting", "Value": f"value {number}"}
        if number % 2:
            found["Scope"] = {"Environment": [environments[number % 10]]}
        if number % 5 == 0:
            found["Value"] = f"https://#{{App.Module{number // 4}.Setting}}/#{{Octopus.Environment.Name}}"
        if number % 100 == 99:
            found |= {"Type": "Sensitive", "Value": f"not to be seen {number}"}
        return found

    steps = [step("Say", script("echo"))]
    return str(made.project("Grid", steps, [variable(number) for number in range(COUNT)])["Slug"])


def _sign_in(page: Page, server: GuritaServer) -> None:
    page.goto(f"{server.url}/app/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in to Gurita")


def _opened(page: Page, address: str) -> float:
    """Seconds from the beginning of the navigation until rows stand painted and the grid knows all of them."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("() => window.benchMarks.grid > 0", timeout=60_000)
    return float(page.evaluate("() => window.benchMarks.grid")) / 1000


def _moving(page: Page) -> list[float]:
    """Milliseconds from each of many arrows to the frame that shows where it led."""
    page.locator("[data-row] [data-cell=name]").nth(2).click()
    page.wait_for_timeout(1000)
    return _pressed(page, ["ArrowDown"] * KEYS)


def _typing(page: Page) -> list[float]:
    """The same for letters typed into a value, and the Enter that takes each word."""
    page.keyboard.press("ArrowRight")
    keys = [key for _ in range(KEYS // 5) for key in ("a", "b", "c", "d", "Enter")]
    return _pressed(page, keys)


def _pressed(page: Page, keys: list[str]) -> list[float]:
    page.evaluate("() => { window.benchMarks.keys.length = 0; }")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    found = page.evaluate("() => window.benchMarks.keys")
    if len(found) != len(keys):
        raise RuntimeError(f"of {len(keys)} keys {len(found)} were seen")
    return [float(each) for each in found]


def _saved(page: Page) -> float:
    """Seconds from the review's button until the saved set is shown."""
    page.keyboard.press("Control+Enter")
    button = page.get_by_role("dialog").get_by_role("button", name="Save", exact=False)
    expect(button).to_be_visible(timeout=20_000)
    began = time.monotonic()
    button.click()
    expect(page.get_by_text("Saved 10 changes")).to_be_visible(timeout=60_000)
    return time.monotonic() - began
