"""Names nobody expected, wherever they are shown: markup, emoji, right to left."""

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
NAMES = {
    "markup": "<script>ran = 1</script><img src=x onerror=ran=1> & {{name}} $t(x) %s",
    "emoji": "🚀 deploy 👩‍👩‍👧 naïve",
    "hebrew": "שלום עולם (בדיקה)",
    "turned": "invoice\u202efdp.exe of \u202dus",
}


def make(api: Scenario, name: str) -> dict[str, str]:
    """One thing of many kinds with this name; the addresses of their pages."""
    ask: Callable[[str, Any], Any] = api.post
    project = api.project(
        name,
        [step(name[:100], script("echo hello", **{"Octopus.Action.RunOnServer": "true"}))],
        [{"Name": "Plain", "Value": name}],
    )
    release = ask("releases", {"ProjectId": project["Id"], "Version": "1.0", "ReleaseNotes": name})
    environment = ask("environments", {"Name": name, "Description": name})
    team = ask("teams", {"Name": name, "SpaceId": "Spaces-1"})
    library = ask("libraryvariablesets", {"Name": name, "Description": name})
    account = ask(
        "accounts", {"Name": name, "AccountType": "Token", "Token": {"HasValue": True, "NewValue": "x"}}
    )
    return {
        "project": f"Spaces-1/projects/{project['Id']}",
        "process": f"Spaces-1/projects/{project['Id']}/process",
        "settings": f"Spaces-1/projects/{project['Id']}/settings",
        "release": f"Spaces-1/releases/{release['Id']}",
        "environment": f"Spaces-1/infrastructure/environments/{environment['Id']}",
        "team": f"configuration/teams/{team['Id']}",
        "library": f"Spaces-1/library/variable-sets/{library['Id']}",
        "account": f"Spaces-1/infrastructure/accounts/{account['Id']}",
    }


def asks_for_the_name(page: Page, name: str) -> None:
    """The page's button that deletes opens a dialog that shows the name and wants it typed."""
    page.get_by_role("button", name="Delete").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    confirm = dialog.get_by_role("button", name="Delete")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("textbox").fill(name)
    expect(confirm).to_be_enabled()


@pytest.mark.parametrize("kind", NAMES)
def test_a_strange_name_is_text_everywhere_and_breaks_no_page(
    quickstart: Quickstart, visit: Visit, api: Scenario, kind: str
) -> None:
    name = NAMES[kind]
    pages = make(api, name)
    visitor = visit("dark" if kind == "turned" else "light")
    page = visitor.sign_in(quickstart.url)
    for what, path in pages.items():
        visitor.go(quickstart.url, path)
        expect(page.get_by_text(name).first, what).to_be_visible()
        visitor.assert_fits()
        if what == "team":
            asks_for_the_name(page, name)
            visitor.picture(f"strange-{kind}-{what}")
            visitor.assert_fits()
    visitor.assert_accessible()
    for path in (
        "Spaces-1",
        "Spaces-1/projects",
        "Spaces-1/infrastructure/environments",
        "configuration/audit",
        "Spaces-1/library/variable-sets",
    ):
        visitor.go(quickstart.url, path)
        visitor.assert_fits()
        visitor.picture(f"strange-{kind}-{path.rpartition('/')[2]}")
    visitor.assert_accessible()
    assert page.evaluate("() => typeof ran") == "undefined", "a name ran as a script"
