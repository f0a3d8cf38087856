"""A process drawn as a graph is read and changed by keyboard; what somebody else saves shows, and never replaces a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]


def _steps() -> list[dict[str, Any]]:
    on_server = {"Octopus.Action.RunOnServer": "True"}
    return [
        step("Prepare", script("echo", name="Fetch", **on_server), script("echo", name="Unpack")),
        step("Web servers", script("echo"), roles="web,front", window=2),
        step("Database", script("echo"), roles="db", StartTrigger="StartWithPrevious"),
        step(
            "A cache with a name that is far too long to stand on a single line",
            script("echo", IsDisabled=True),
            roles="cache",
            StartTrigger="StartWithPrevious",
        ),
        step(
            "Tell the people on duty",
            script("echo", Environments=["Environments-1"], **on_server),
            roles="",
            Condition="Failure",
        ),
    ]


_BESIDE = """(names) => {
  const all = [...document.querySelectorAll("a")];
  const [one, other] = names.map((name) => all.find((each) => each.innerText.trim() === name));
  if (!one || !other) return false;
  const [from, to] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return Math.abs(from.y - to.y) < 2 && to.x - from.x > 2;
}"""


def _node(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def test_a_process_is_read_and_changed_as_a_graph_by_keyboard(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Drawn", _steps())
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/process")
    page.get_by_role("radiogroup", name="View").get_by_text("Graph").click()
    steps = page.get_by_role("list", name="Steps", exact=True)
    expect(steps.get_by_role("listitem").filter(has_text="Prepare").first).to_contain_text("2 actions")
    for fact in ("on web, front", "2 at a time", "Only if a step before failed", "Only in ", "disabled"):
        expect(steps).to_contain_text(fact)
    page.wait_for_function(_BESIDE, arg=["2. Web servers", "3. Database"])
    visitor.look_everywhere("process-graph")

    _node(page, "1. Prepare").focus()
    for key, name in (
        ("ArrowDown", "1.1 Fetch"),
        ("ArrowDown", "1.2 Unpack"),
        ("ArrowDown", "3. Database"),
        ("ArrowLeft", "2. Web servers"),
        ("ArrowRight", "3. Database"),
        ("End", "5. Tell the people on duty"),
        ("ArrowUp", "3. Database"),
    ):
        page.keyboard.press(key)
        expect(_node(page, name)).to_be_focused()
    expect(page).to_have_url(re.compile(r"view=graph&step=[-\w]+$"))
    page.reload()
    expect(_node(page, "3. Database")).to_have_attribute("aria-current", "true")

    _node(page, "3. Database").focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    form.get_by_role("textbox", name="Name", exact=True).fill("Database first")
    visitor.look_everywhere("process-graph-step")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(_node(page, "3. Database first")).to_be_focused()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The process is saved.").first).to_be_visible()
    saved = api.get(f"projects/{project['Id']}/deploymentprocesses")["Steps"]
    assert [each["Name"] for each in saved][2] == "Database first"


def _rename(api: Scenario, project: str, place: int, name: str) -> None:
    """What somebody else does meanwhile."""
    found = api.get(f"projects/{project}/deploymentprocesses")
    found["Steps"][place]["Name"] = name
    api.ask("PUT", f"/api/Spaces-1/projects/{project}/deploymentprocesses", found)


def test_what_somebody_else_saves_shows_at_once_and_never_replaces_a_draft(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    steps = [step(name, script("echo")) for name in ("One", "Two")]
    project = api.project("Watched by two", steps, [{"Name": "Host", "Value": "first"}])
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/process")
    visitor.heard()
    _rename(api, project["Id"], 0, "Renamed by them")
    expect(page.get_by_role("link", name="1. Renamed by them")).to_be_visible()
    page.get_by_role("link", name="2. Two").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Renamed by me")
    _rename(api, project["Id"], 0, "Renamed again")
    notice = page.get_by_role("status").filter(has_text="has saved this while you change it")
    expect(notice).to_contain_text("admin")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Renamed by me")
    visitor.look_everywhere("process-saved-by-other")
    notice.get_by_role("button", name="Compare now").click()
    expect(page.get_by_role("dialog")).to_contain_text("Renamed by them: changed by them")
    page.get_by_role("dialog").get_by_role("button", name="Save the merged process").click()
    expect(page.get_by_text("The process is saved.").first).to_be_visible()
    found = api.get(f"projects/{project['Id']}/deploymentprocesses")["Steps"]
    assert [each["Name"] for each in found] == ["Renamed again", "Renamed by me"]
    _variables_of_two(quickstart, visitor, api, project)


def _say(api: Scenario, project: str, *values: tuple[str, str]) -> None:
    found = api.get(f"projects/{project}/variables")
    found["Variables"] = [{"Name": name, "Value": value} for name, value in values]
    api.ask("PUT", f"/api/Spaces-1/variables/{found['Id']}", found)


def _variables_of_two(quickstart: Quickstart, visitor: Visitor, api: Scenario, project: Any) -> None:
    page = visitor.go(quickstart.url, f"Spaces-1/projects/{project['Slug']}/variables")
    grid = page.get_by_role("grid")
    expect(grid.get_by_role("row", name="Host")).to_contain_text("first")
    visitor.heard()
    _say(api, project["Id"], ("Host", "second"))
    expect(grid.get_by_role("row", name="Host")).to_contain_text("second")
    grid.get_by_role("row", name="Host").get_by_role("gridcell").nth(1).click()
    page.keyboard.press("Alt+n")
    expect(grid.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    _say(api, project["Id"], ("Host", "third"))
    notice = page.get_by_role("status").filter(has_text="has saved this while you change it")
    expect(notice).to_contain_text("admin")
    expect(grid.get_by_role("row", name="Host")).to_contain_text("second")
    visitor.look_everywhere("variables-saved-by-other")
    notice.get_by_role("button", name="Put both together").click()
    expect(grid.get_by_role("row", name="Host")).to_contain_text("third")
    expect(grid.get_by_role("row", name="Mine")).to_be_visible()
    expect(notice).to_have_count(0)
