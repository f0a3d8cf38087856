"""What stands around every page: palette, shortcuts, themes, prefix, slow lines, servers that go and come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Route, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_proxies import front
from tests.fixtures_quickstart import Quickstart
from tests.fixtures_server import gurita_server
from tests.needs import need

pytestmark = pytest.mark.timeout(900)
Visit = Callable[..., Visitor]


def test_the_palette_finds_a_project_by_keyboard_alone(quickstart: Quickstart, visit: Visit) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url)
    visitor.heard()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find anything")).to_be_focused()
    page.keyboard.type("hello")
    expect(page.get_by_role("option", name="Hello Gurita")).to_have_attribute("aria-selected", "true")
    visitor.look("palette")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello Gurita")


def test_shortcuts_are_listed_and_go_places(quickstart: Quickstart, visit: Visit) -> None:
    visitor = visit("dark")
    page = visitor.sign_in(quickstart.url, "Spaces-1/begin")
    visitor.heard()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Needs a person")
    visitor.look("help")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # The second key counts for a moment after the first: on a slow machine that moment waits for it.
    page.clock.set_fixed_time(datetime.now(tz=UTC))
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")


def test_the_theme_is_chosen_kept_and_there_before_the_first_paint(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit("light")
    visitor.forgive("net::ERR_FAILED")
    page = visitor.sign_in(quickstart.url)
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.get_by_role("button", name="Dark theme").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.route("**/assets/*", lambda route: route.abort())
    page.goto(page.url, wait_until="commit")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.unroute("**/assets/*")


def test_a_page_without_scripts_says_what_to_do(quickstart: Quickstart, visit: Visit) -> None:
    visitor = visit()
    browser = visitor.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{quickstart.url}/app/Spaces-1/tasks")
    expect(page.get_by_role("heading")).to_have_text("Gurita needs scripts")
    context.close()


def test_the_portal_works_below_a_prefix_and_says_when_its_server_is_gone(
    tmp_path: Path, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("net::ERR_", "503 (Service")
    with gurita_server(tmp_path, options=["--prefix", "/gurita"], ready_path="/gurita/api") as server:
        page = visitor.page
        page.goto(f"{server.url}/gurita")
        visitor.sign_in(f"{server.url}/gurita", "Spaces-1/begin")
        expect(page).to_have_url(f"{server.url}/gurita/app/Spaces-1/begin")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        server.end()
        expect(page.get_by_text("Reconnecting", exact=True)).to_be_visible()
        server.start()
        expect(page.get_by_text("Live", exact=True)).to_be_visible()


def test_signing_in_on_a_slow_line_lands_where_it_began(quickstart: Quickstart, visit: Visit) -> None:
    """400 ms there and back, 1 Mbit/s, from a cold cache (U53; what it takes is measured by `scripts/bench portal`)."""
    visitor = visit()
    page = visitor.page
    line = visitor.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.goto(f"{quickstart.url}/app/Spaces-1/begin?from=mail", wait_until="commit")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password", exact=True).fill(quickstart.environment["GURITA_ADMIN_PASSWORD"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{quickstart.url}/app/Spaces-1/begin?from=mail")


def test_the_first_route_needs_at_most_250_kilobytes_of_script(quickstart: Quickstart, visit: Visit) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url)
    page.mouse.move(0, 0)  # what is pointed at is fetched before it is asked for
    visitor.go(quickstart.url, "Spaces-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    expect(page.get_by_role("grid").get_by_role("gridcell").get_by_role("link").first).to_be_visible()
    headers = {"Accept-Encoding": "gzip"}
    with httpx2.Client(base_url=quickstart.url, headers=headers, timeout=120, trust_env=False) as client:
        names: list[str] = page.evaluate(
            "() => performance.getEntriesByType('resource').map((each) => each.name)"
            ".filter((name) => new URL(name).pathname.endsWith('.js'))"
        )
        assert len(names) > 3
        sizes = {}
        for name in names:
            answer = client.get(name)
            assert len(answer.content) < 1_000 or answer.headers["content-encoding"] == "gzip"
            sizes[name.rpartition("/")[2]] = int(answer.headers["content-length"])
    assert sum(sizes.values()) <= 250_000, "\n".join(
        f"{size:7} {name}" for name, size in sorted(sizes.items(), key=lambda each: -each[1])
    )


def test_a_hostile_output_cannot_run_in_a_page(quickstart: Quickstart, visit: Visit) -> None:
    """The policy of the page as the browser keeps it: no inline script, no eval, nothing from elsewhere (U57)."""
    visitor = visit()
    visitor.forgive("Content Security Policy", "Refused to", "ERR_BLOCKED_BY_CSP")
    page = visitor.sign_in(quickstart.url)
    tried = page.evaluate(
        """async () => {
          const told = {};
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          told.inline = window.ran === true;
          told.eval = await new Promise((done) =>
            setTimeout(() => {
              try { done(new Function("return true")()); } catch { done(false); }
            }));
          const style = document.createElement("style");
          style.textContent = ":root { --stolen: 1 }";
          document.head.append(style);
          told.style = getComputedStyle(document.documentElement).getPropertyValue("--stolen") === "1";
          try { await fetch("http://127.0.0.2:9/"); told.elsewhere = true; }
          catch { told.elsewhere = false; }
          return told;
        }"""
    )
    assert tried == {"inline": False, "eval": False, "style": False, "elsewhere": False}


def test_pages_stay_true_where_a_proxy_holds_the_servers_events_back(
    quickstart: Quickstart, visit: Visit
) -> None:
    visitor = visit()
    visitor.forgive("ERR_FAILED")
    held: list[Route] = []
    visitor.page.route("**/gurita/changes*", lambda route: held.append(route))
    page = visitor.sign_in(quickstart.url, "Spaces-1/projects")
    expect(page.get_by_text("Every 10 s", exact=True)).to_be_visible()
    made = quickstart.run("project", "create", "Seen without events")
    assert made.code == 0, made.err
    expect(page.get_by_role("link", name="Seen without events")).to_be_visible()
    for one in held:
        one.abort()


def test_the_portal_is_live_behind_nginx_below_a_prefix(tmp_path: Path, visit: Visit) -> None:
    need("nginx")
    visitor = visit()
    (tmp_path / "nginx").mkdir()
    with (
        gurita_server(
            tmp_path / "server", options=["--prefix", "/deploy"], ready_path="/deploy/api"
        ) as server,
        front("nginx", tmp_path / "nginx", server.port) as proxy,
    ):
        page = visitor.sign_in(f"{proxy.url}/deploy", "Spaces-1/projects")
        expect(page).to_have_url(f"{proxy.url}/deploy/app/Spaces-1/projects")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        headers = {"X-Octopus-ApiKey": server.api_key}
        base = f"{server.url}/deploy/api"
        with httpx2.Client(base_url=base, headers=headers, timeout=120, trust_env=False) as api:
            group = api.get("/projectgroups").json()["Items"][0]["Id"]
            lifecycle = api.get("/lifecycles").json()["Items"][0]["Id"]
            body = {"Name": "Made elsewhere", "ProjectGroupId": group, "LifecycleId": lifecycle}
            assert api.post("/projects", json=body).status_code == 201
        expect(page.get_by_role("link", name="Made elsewhere")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("?states=odd&view=5&groups=,,&q=%00", "Dashboard"),
        ("/infrastructure/machines?health=odd&environments=odd&page=-3", "Deployment targets"),
        ("/tasks?states=odd&from=2026-99-99&page=x", "Tasks"),
        ("/audit?from=soon&users=odd&open=odd", "Audit"),
    ],
)
def test_an_address_full_of_nonsense_shows_its_page(
    quickstart: Quickstart, visit: Visit, path: str, heading: str
) -> None:
    visitor = visit()
    page = visitor.sign_in(quickstart.url)
    page.goto(f"{quickstart.url}/app/Spaces-1{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    visitor.settled()
    visitor.heard()
    expect(page.get_by_text("This was refused")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
