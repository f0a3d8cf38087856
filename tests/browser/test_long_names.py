"""Names of 190 letters without a place to break, on a screen of 320 pixels: they wrap or are cut, and nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
NAME = ("Verwaltungsgebaeude" * 10)[:190]
STICKING_OUT = """() => [...document.body.querySelectorAll("*")].filter((each) => {
  const box = each.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return false;
  if (each.closest(".visually-hidden, .skip-link, svg")) return false;
  const card = each.matches("button, a, input, textarea, h1, h2, h3, p") && each.closest("section");
  let edge = card ? Math.min(innerWidth, card.getBoundingClientRect().right) : innerWidth;
  for (let up = each.parentElement; up && up !== document.body; up = up.parentElement) {
    const room = up.getBoundingClientRect().right;
    if (getComputedStyle(up).overflowX !== "visible" && room <= edge + 1) return false;
  }
  return box.right > edge + 1;
}).map((each) => `${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`)"""


def of_the_space(api: Scenario) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is made with the long name in the space: where its pages lie, and its body."""
    secret = {"HasValue": True, "NewValue": "x"}
    return {
        "libraryvariablesets": ("library/variable-sets", {"Description": NAME}),
        "lifecycles": ("library/lifecycles", {"Description": NAME, "Phases": [{"Name": NAME}]}),
        "feeds": ("library/feeds", {"FeedType": "NuGet", "FeedUri": "https://feed.example/v3"}),
        "accounts": ("infrastructure/accounts", {"AccountType": "Token", "Token": secret}),
        "machinepolicies": ("infrastructure/policies", {"Description": NAME}),
        "environments": ("infrastructure/environments", {"Description": NAME}),
        "teams": ("teams", {"SpaceId": api.space}),
        "subscriptions": ("subscriptions", {"EventNotificationSubscription": {"Filter": {}}}),
    }


def make(api: Scenario) -> list[str]:
    """One thing of every kind with the long name; the addresses of their pages and of the lists they stand in."""
    ask: Callable[[str, Any], Any] = api.post
    project = api.project(
        NAME,
        [step(NAME[:100], script("echo hello", **{"Octopus.Action.RunOnServer": "true"}))],
        [{"Name": NAME, "Value": NAME}],
    )
    group = ask("projectgroups", {"Name": NAME})
    api.ask("PUT", f"/api/{api.space}/projects/{project['Id']}", {**project, "ProjectGroupId": group["Id"]})
    release = ask("releases", {"ProjectId": project["Id"], "Version": "1.0", "ReleaseNotes": NAME})
    ask("channels", {"ProjectId": project["Id"], "Name": NAME, "Description": NAME})
    own = f"{api.space}/projects/{project['Id']}"
    paths = [api.space, f"{api.space}/projects", f"{api.space}/releases/{release['Id']}"]
    paths += [
        f"{own}{part}" for part in ("", "/process", "/releases", "/variables", "/channels", "/settings")
    ]
    for kind, (place, body) in of_the_space(api).items():
        made = ask(kind, {"Name": NAME, **body})
        paths += [f"{api.space}/{place}", f"{api.space}/{place}/{made['Id']}"]
        if kind == "environments":
            deployed = {"ReleaseId": release["Id"], "EnvironmentId": made["Id"]}
            task = ask("deployments", deployed)["TaskId"]
            paths += [f"{api.space}/tasks", f"{api.space}/tasks/{task}"]
            paths.append(f"{api.space}/releases/{release['Id']}/deploy?environment={made['Id']}")
    ask("proxies", {"Name": NAME, "Host": "proxy.example", "Port": 3128, "ProxyType": "HTTP"})
    role = api.ask("POST", "/api/userroles", {"Name": NAME, "Description": NAME})
    return [
        *paths,
        f"{api.space}/infrastructure/proxies",
        "configuration/roles",
        f"configuration/roles/{role['Id']}",
        "configuration/audit",
    ]


def settled(page: Page) -> None:
    """The page shows what it was opened for."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)


def test_a_name_of_190_letters_sticks_out_of_no_page_at_320_pixels(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    paths = make(api)
    visitor = visit("light", 320)
    page = visitor.sign_in(quickstart.url)
    found: dict[str, Any] = {}
    for path in paths:
        visitor.go(quickstart.url, path)
        settled(page)
        visitor.picture(f"long-{path.rpartition('/')[2].partition('?')[0]}")
        if out := page.evaluate(STICKING_OUT):
            found[path] = out
    assert found == {}
    page.get_by_role("button", name="Find anything").click()
    page.get_by_role("combobox").fill(NAME[:12])
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate(STICKING_OUT) == []
    visitor.assert_accessible()
