"""The status page in a real browser: sign in, a deployment that finishes before one's eyes, narrow and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import PASSWORD, gurita_server
from tests.needs import need

pytestmark = pytest.mark.timeout(180)
expect.set_options(timeout=20_000)

_QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
_SLOW = "for i in 1 2 3 4; do echo \"tick $i\"; sleep 0.5; done; echo '<img src=x onerror=alert(1)>'"
_PICTURES = Path(__file__).parents[2] / "out" / "screens"


@dataclass
class Eyes:
    """A page and what its console complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def picture(self, name: str) -> None:
        """Keeps what is seen for people to look at, below out/screens."""
        _PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=_PICTURES / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstart]:
    """Server, agent and sample."""
    need("chromium")
    made = Quickstart(tmp_path_factory.mktemp("browser"), {"GURITA_ADMIN_PASSWORD": PASSWORD})
    try:
        made.start()
        made.wait_ready()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a screen."""
    place = need("chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=place, args=[*_QUIET], headless=True)
        try:
            yield found
        finally:
            found.close()


@pytest.fixture(params=["light-1100", "dark-1100", "light-320"])
def eyes(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Eyes]:
    """A new visitor: light or dark, wide or narrow."""
    yield from _visitor(browser, request.param)


@pytest.fixture
def wide_eyes(browser: Browser) -> Iterator[Eyes]:
    """A new visitor with an ordinary window."""
    yield from _visitor(browser, "light-1100")


def _visitor(browser: Browser, kind: str) -> Iterator[Eyes]:
    scheme, width = kind.split("-")
    context: BrowserContext = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": int(width), "height": 900}
    )
    made = Eyes(context.new_page())
    made.page.set_default_timeout(20_000)
    made.page.on("console", lambda told: _note(made, told.type, told.text))
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    try:
        yield made
        assert not made.complaints
    finally:
        context.close()


def _note(eyes: Eyes, kind: str, text: str) -> None:
    """Whoever is not signed in gets a 401, which a browser tells too; everything else is a fault."""
    if kind in {"error", "warning"} and "401 (Unauthorized)" not in text:
        eyes.complaints.append(text)


def sign_in(page: Page, url: str, password: str = PASSWORD) -> None:
    """Goes there and signs in as the administrator."""
    page.goto(url)
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_visitor_signs_in_looks_at_a_deployment_and_signs_out(
    quickstart: Quickstart, eyes: Eyes, request: pytest.FixtureRequest
) -> None:
    page, kind = eyes.page, request.node.callspec.params["eyes"]
    sign_in(page, quickstart.url, "not the password")
    expect(page.get_by_role("alert")).to_have_text("The username or password is wrong.")
    eyes.picture(f"sign-in-{kind}")
    sign_in(page, quickstart.url)
    projects = page.get_by_role("table").filter(has_text="Hello Gurita").first
    expect(projects).to_contain_text("0.0.1 Success")
    expect(page.locator("#nodes")).to_contain_text("Online")
    page.locator("#projects a").first.click()
    expect(page.locator("#task-log")).to_contain_text("The page greets: Hello from Development")
    expect(page.locator("#task-steps > li")).to_have_count(3)
    expect(
        page.get_by_role("heading", name="Deploy Hello Gurita release 0.0.1 to Development")
    ).to_be_focused()
    eyes.picture(f"task-{kind}")
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), (
        "nothing sticks out"
    )
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#task")).to_be_hidden()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_focused()
    page.reload()
    expect(page.get_by_label("User name")).to_be_visible()


def test_a_deployment_finishes_before_ones_eyes(quickstart: Quickstart, wide_eyes: Eyes) -> None:
    page = wide_eyes.page
    sign_in(page, quickstart.url)
    expect(page.locator("#projects")).to_contain_text("Hello Gurita")
    _make_slow(quickstart)
    expect(page.locator("#projects")).to_contain_text("Slow")
    queued = quickstart.run("release", "deploy", "Slow", "0.0.1", "Development", "-o", "json").json
    task = queued[0]["ServerTaskId"]
    row = page.locator("#tasks tr").filter(has_text=task)
    expect(row).to_contain_text("Executing")
    row.get_by_role("link").click()
    expect(page.locator("#task-log")).to_contain_text("tick 1")
    assert "tick 4" not in (page.locator("#task-log").text_content() or ""), "it is live, not told at the end"
    expect(page.locator("#task-state")).to_have_text("Executing")
    wide_eyes.picture("live")
    expect(page.locator("#task-state")).to_have_text("Success")
    expect(page.locator("#task-log")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(row).to_contain_text("Success")
    lines = (page.locator("#task-log").text_content() or "").split("\n")
    assert [line for line in lines if line.startswith("tick")] == [f"tick {number}" for number in range(1, 5)]


def _make_slow(quickstart: Quickstart) -> None:
    key = (quickstart.data / "cli.key").read_text().strip()
    made = quickstart.run("project", "create", "Slow", "-o", "json").json
    properties = {"Octopus.Action.Script.Syntax": "Bash", "Octopus.Action.Script.ScriptBody": _SLOW}
    action: dict[str, Any] = {"Name": "Tick", "ActionType": "Octopus.Script", "Properties": properties}
    step = {"Name": "Tick", "Properties": {"Octopus.Action.TargetRoles": "hello-web"}, "Actions": [action]}
    with httpx2.Client(base_url=f"{quickstart.url}/api", headers={"X-Octopus-ApiKey": key}) as api:
        process = api.get(f"/deploymentprocesses/{made['DeploymentProcessId']}").json()
        answer = api.put(f"/deploymentprocesses/{process['Id']}", json={**process, "Steps": [step]})
        assert answer.status_code == 200, answer.text
    assert quickstart.run("release", "create", "Slow", "--version", "0.0.1").code == 0


def test_a_task_that_is_not_there_says_so(quickstart: Quickstart, wide_eyes: Eyes) -> None:
    page = wide_eyes.page
    sign_in(page, f"{quickstart.url}/#ServerTasks-424242")
    expect(page.locator("#task-state")).to_have_text("There is no such task here, or you may not see it.")
    wide_eyes.complaints.clear()  # the browser tells of the 404


def test_the_page_works_below_a_prefix_and_comes_back_with_its_server(
    tmp_path: Path, wide_eyes: Eyes
) -> None:
    page = wide_eyes.page
    with gurita_server(tmp_path, options=["--prefix", "/gurita"], ready_path="/gurita/api") as server:
        for address in (f"{server.url}/gurita", f"{server.url}/gurita/"):
            sign_in(page, address)
            expect(page.locator("#machines")).to_contain_text("There are no machines yet")
            page.get_by_role("button", name="Sign out").click()
        sign_in(page, f"{server.url}/gurita/")
        expect(page.locator("#connection")).to_contain_text("Live")
        server.end()
        expect(page.locator("#connection")).to_have_text("Connection lost; trying again.")
        server.start()
        expect(page.locator("#connection")).to_contain_text("Live")
    wide_eyes.complaints.clear()  # the browser tells of each try
