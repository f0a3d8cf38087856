"""Variables are edited, pasted, scoped, merged and explained in a real browser, with the keyboard alone."""

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


def _saved(api: Scenario, project: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"projects/{project['Id']}/variables")
    return found


def _values(api: Scenario, project: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(each["Name"], each["Value"]) for each in _saved(api, project)["Variables"]]


def _environments(api: Scenario) -> dict[str, str]:
    return {each["Name"]: each["Id"] for each in api.get("environments/all")}


def _grid(page: Page) -> Locator:
    return page.get_by_role("grid")


def _keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _review_and_save(page: Page) -> None:
    _keys(page, "Control+Enter")
    _save_reviewed(page)


def _save_reviewed(page: Page) -> None:
    """The review has the focus on what saves; only then does the key go there."""
    dialog = page.get_by_role("dialog", name="What will be saved")
    expect(dialog.get_by_role("button", name=re.compile(r"^Save \d+ change"))).to_be_focused()
    _keys(page, "Control+Enter")


def _type(page: Page, text: str) -> None:
    """Types into the cell that is being edited, once it is."""
    expect(_grid(page).get_by_role("textbox")).to_be_focused()
    page.keyboard.type(text)


def test_variables_are_made_pasted_scoped_undone_and_saved_by_the_keyboard_alone(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Keyed variables", [step("Say it", script("echo"))])
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/variables")
    expect(page.get_by_role("heading", name="No variables yet")).to_be_visible()
    visitor.look_everywhere("variables-empty")
    _keys(page, "Alt+n")
    _type(page, "Host")
    _keys(page, "Tab")
    page.keyboard.type("db.example")
    _keys(page, "Tab", "Enter")
    expect(page.get_by_role("combobox", name="Limit this value to")).to_be_focused()
    page.keyboard.type("Develop")
    expect(page.get_by_role("option", name="Development")).to_have_attribute("data-here", "true")
    _keys(page, "Enter")
    expect(page.get_by_role("option", name="Development")).to_have_attribute("aria-selected", "true")
    visitor.look_everywhere("variables-scope")
    _keys(page, "Tab")
    row = _grid(page).get_by_role("row", name="Host")
    expect(row).to_contain_text("Development")
    page.evaluate(
        '() => navigator.clipboard.writeText(\'Port\\t5432\\n"Many"\\t"one\\ntwo"\\tProduction\\n\')'
    )
    _keys(page, "Home", "Control+v")
    expect(_grid(page).get_by_role("row", name="Port")).to_contain_text("5432")
    expect(_grid(page).get_by_role("row", name="Many")).to_contain_text("2 lines")
    _keys(page, "Control+z")
    expect(_grid(page).get_by_role("row", name="Many")).to_have_count(0)
    _keys(page, "Control+Shift+z")
    expect(_grid(page).get_by_role("row", name="Many")).to_have_count(1)
    page.reload()
    expect(page.get_by_text("Your changes that were not saved are back.")).to_be_visible()
    expect(_grid(page).get_by_role("row", name="Port")).to_contain_text("5432")
    _keys(page, "Control+Enter")
    expect(page.get_by_role("dialog", name="What will be saved")).to_be_visible()
    visitor.look_everywhere("variables-review")
    _save_reviewed(page)
    expect(page.get_by_text("Saved 2 changes")).to_be_visible()
    assert sorted(_values(api, project)) == [("Many", "one\ntwo"), ("Port", "5432")]
    (many,) = [each for each in _saved(api, project)["Variables"] if each["Name"] == "Many"]
    assert many["Scope"] == {"Environment": [_environments(api)["Production"]]}


def test_a_warning_a_secret_and_a_refusal_stand_at_their_row(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    environments = _environments(api)
    project = api.project(
        "Warned variables",
        [step("Say it", script("echo"))],
        [
            {"Name": "Host", "Value": "a", "Scope": {"Environment": [environments["Development"]]}},
            {"Name": "Host", "Value": "b", "Scope": {"Environment": [environments["Development"]]}},
            {"Name": "Url", "Value": "https://#{Nobody.Knows}/"},
            {"Name": "Db.Password", "Value": "swordfish", "Type": "Sensitive"},
            {"Name": "Api.Token", "Value": "plainly there"},
        ],
    )
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/variables")
    grid = _grid(page)
    expect(page.get_by_label("With warnings (4)")).to_be_visible()
    grid.get_by_role("row", name="Url").get_by_role("gridcell").first.click()
    expect(
        page.get_by_text("Nothing here is called Nobody.Knows; it stays as it is written.").last
    ).to_be_visible()
    visitor.look_everywhere("variables-warnings")
    page.get_by_label("With warnings (4)").check()
    expect(page).to_have_url(
        f"{quickstart.url}/app/Spaces-1/projects/{project['Slug']}/variables?only=warnings"
    )
    expect(page.get_by_text("4 of 5 values")).to_be_visible()
    page.get_by_label("With warnings (4)").uncheck()
    secret = grid.get_by_role("row", name="Db.Password")
    expect(secret).to_contain_text("set")
    secret.get_by_role("gridcell").nth(1).click()
    _keys(page, "Enter")
    expect(secret.locator("input[type=password]")).to_be_focused()
    page.keyboard.type("another one")
    _keys(page, "Enter")
    expect(secret).to_contain_text("will be replaced")
    assert "another one" not in page.content()
    row = grid.get_by_role("row", name="Url")
    row.get_by_role("gridcell").first.click()
    _keys(page, "Enter")
    _type(page, "x" * 300)
    _keys(page, "Enter")
    _review_and_save(page)
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(grid.locator("[aria-invalid=true]")).to_have_count(1)
    expect(grid.locator("[aria-invalid=true]")).to_be_focused()
    visitor.look_everywhere("variables-refused")
    _keys(page, "Enter")
    _type(page, "Url")
    _keys(page, "Enter")
    _review_and_save(page)
    expect(page.get_by_text("Saved 1 change")).to_be_visible()
    expect(secret).to_contain_text("set")
    _keys(page, "Alt+Enter")
    details = page.get_by_role("dialog")
    expect(details.get_by_label("Type")).to_be_visible()
    visitor.look_everywhere("variables-details")


def test_what_two_people_changed_is_merged_and_asked_about(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project(
        "Merged variables",
        [step("Say it", script("echo"))],
        [
            {"Name": "Both", "Value": "was"},
            {"Name": "Mine", "Value": "was"},
            {"Name": "Theirs", "Value": "was"},
        ],
    )
    visitor = visit()
    visitor.forgive("409 (Conflict)")
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/variables")
    grid = _grid(page)
    for name in ("Both", "Mine"):
        grid.get_by_role("row", name=name).get_by_role("gridcell").nth(1).click()
        _keys(page, "Enter")
        _type(page, "changed here")
        _keys(page, "Enter")
    found = _saved(api, project)
    for each in found["Variables"]:
        if each["Name"] in ("Both", "Theirs"):
            each["Value"] = "theirs"
    api.ask("PUT", f"/api/Spaces-1/variables/{found['Id']}", found)
    _review_and_save(page)
    merge = page.get_by_role("dialog", name="Somebody else has changed the same")
    expect(merge).to_be_visible()
    visitor.look_everywhere("variables-merge")
    assert dict(_values(api, project)) == {"Both": "theirs", "Mine": "was", "Theirs": "theirs"}
    merge.get_by_label("Mine: changed here").check()
    merge.get_by_role("button", name="Go on with these").click()
    expect(merge).to_have_count(0)
    save = page.get_by_role("dialog", name="What will be saved")
    expect(save).to_contain_text("0 new, 2 changed, 0 deleted")
    save.get_by_role("button", name="Save 2 changes").click()
    expect(page.get_by_text("Saved 2 changes")).to_be_visible()
    assert dict(_values(api, project)) == {"Both": "changed here", "Mine": "changed here", "Theirs": "theirs"}


def test_the_preview_says_why_and_a_set_of_the_library_is_made_filled_and_included(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    environments = _environments(api)
    project = api.project(
        "Explained variables",
        [step("Say it", script("echo"))],
        [
            {"Name": "Host", "Value": "everywhere"},
            {"Name": "Host", "Value": "there", "Scope": {"Environment": [environments["Production"]]}},
        ],
    )
    visitor = visit()
    page = visitor.sign_in(quickstart.url, "Spaces-1/library/variable-sets")
    page.get_by_role("button", name="New variable set").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Mail of tests")
    page.get_by_role("dialog").get_by_role("button", name="New variable set").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mail of tests")
    expect(page.get_by_role("heading", name="No variables yet")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    visitor.heard()
    _keys(page, "Alt+n")
    _type(page, "Mail.Host")
    _keys(page, "Tab")
    page.keyboard.type("mail.example")
    _keys(page, "Enter")
    _review_and_save(page)
    expect(page.get_by_text("Saved 1 change")).to_be_visible()
    visitor.look_everywhere("library-set")
    base = f"Spaces-1/projects/{project['Slug']}/variables"
    visitor.go(quickstart.url, base)
    page.get_by_role("button", name="Library sets (0)").click()
    page.get_by_label("Mail of tests").check()
    page.get_by_role("button", name="Save which sets are included").click()
    expect(page.get_by_role("button", name="Library sets (1)")).to_be_visible()
    page.get_by_role("link", name="With the library's").click()
    expect(page.get_by_role("row", name="Mail.Host")).to_contain_text("mail.example")
    visitor.look_everywhere("variables-all")
    visitor.go(quickstart.url, f"{base}?preview=1&environment={environments['Production']}&why=Host")
    expect(page.get_by_text("Row 2 of project 'Explained variables'").first).to_be_visible()
    expect(page.get_by_role("button", name="Host there")).to_be_visible()
    visitor.look_everywhere("variables-preview")
    page.get_by_role("link", name="Row 1 of project").click()
    expect(_grid(page).get_by_role("row", name="everywhere").get_by_role("gridcell").first).to_be_focused()
    visitor.go(quickstart.url, "Spaces-1/library/variable-sets")
    visitor.look_everywhere("library-sets")
