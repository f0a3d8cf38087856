"""A process is built, saved, refused and merged in a real browser: with a mouse, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]


def _steps(api: Scenario, project: str) -> list[str]:
    return [each["Name"] for each in api.get(f"projects/{project}/deploymentprocesses")["Steps"]]


def _body(api: Scenario, project: str, place: int) -> str:
    found = api.get(f"projects/{project}/deploymentprocesses")["Steps"][place]["Actions"][0]
    return str(found["Properties"]["Octopus.Action.Script.ScriptBody"])


def _add(page: Page, title: str) -> None:
    page.get_by_role("button", name="Add a step", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=title).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _write(page: Page, label: str, text: str) -> None:
    """Replaces what an editor holds, as somebody at a keyboard does."""
    page.get_by_role("textbox", name=label, exact=True).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def _tag(page: Page, tag: str) -> None:
    page.get_by_role("combobox", name="Target tags").fill(tag)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")


def _saved(page: Page, what: str = "process") -> None:
    expect(page.get_by_text(f"The {what} is saved.").first).to_be_visible()
    expect(page.get_by_role("region", name="Unsaved changes")).to_have_count(0)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def _drag(page: Page, handle: str, onto: str) -> None:
    """By the mouse, in steps: what is dragged follows it, and is measured on the way."""
    for name in (handle, onto):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    boxes = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in (handle, onto)]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    page.mouse.move(*middles[0])
    page.mouse.down()
    page.mouse.move(middles[0][0], middles[0][1] - 8, steps=4)
    expect(page.locator("[data-dragging]")).to_have_count(1)
    page.mouse.move(*middles[1], steps=12)
    expect(page.get_by_text(f"{handle.removeprefix('Move ')} is at place 1 of ")).to_be_attached()
    page.mouse.up()


def test_a_process_of_two_steps_is_built_with_the_mouse(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Built by mouse", [])
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/process")
    expect(page.get_by_role("heading", name="No steps yet")).to_be_visible()
    visitor.look("process-empty")
    page.get_by_role("button", name="Add a step", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    visitor.look_everywhere("process-add")
    page.get_by_role("dialog").get_by_role("button", name="Run a script").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Say hello")
    _write(page, "Script", 'set -e\nname="#{Octopus.Project.Name}"\necho "$name" # says it')
    _tag(page, "web")
    visitor.look_everywhere("process-script")
    _add(page, "Deploy a package")
    expect(page.get_by_text("Unsaved changes, with 1 problem")).to_be_visible()
    _save(page)
    expect(page.get_by_role("combobox", name="Package id")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Must not be empty. Name the package")).to_be_visible()
    visitor.look_everywhere("process-refused")
    page.get_by_role("combobox", name="Package id").fill("Acme.Web")
    _tag(page, "web")
    _save(page)
    _saved(page)
    assert _steps(api, project["Id"]) == ["Say hello", "Deploy a package"]
    page.goto(f"{quickstart.url}/app/Spaces-1/projects/{project['Slug']}/process")
    _drag(page, "Move Deploy a package", "Move Say hello")
    expect(page.get_by_role("listitem").filter(has_text="1. Deploy a package")).to_be_visible()
    visitor.look_everywhere("process-steps")
    page.get_by_role("navigation").get_by_role("link", name="Overview").click()
    page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("listitem").filter(has_text="1. Say hello")).to_be_visible()


def test_a_process_of_two_steps_is_built_with_the_keyboard_alone(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Built by keyboard", [])
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/process")
    for name in ("first", "second"):
        page.get_by_role("button", name="Add a step", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("searchbox", name="Filter step types")).to_be_focused()
        page.keyboard.type("python")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("textbox", name="Name", exact=True).focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(f"The {name}")
        page.get_by_role("textbox", name="Script", exact=True).focus()
        page.keyboard.type("echo 1\nset_octo")
        expect(page.get_by_role("option", name="set_octopusvariable")).to_be_visible()
        page.wait_for_timeout(300)  # the editor takes no completion that has only just come
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="Script", exact=True)).to_contain_text("set_octopusvariable")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.get_by_role("textbox", name="Script", exact=True)).not_to_be_focused()
        page.get_by_role("combobox", name="Target tags").focus()
        page.keyboard.type("web")
        page.keyboard.press("Enter")
    page.get_by_role("link", name="2. The second").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("link", name="1. The second")).to_be_visible()
    page.get_by_role("button", name="Move The second", exact=True).focus()
    for key, told in (
        ("Space", "The second is at place 1 of 2."),
        ("ArrowDown", "The second is at place 2 of 2."),
        ("Space", "Put The second down at place 2."),
    ):
        page.keyboard.press(key)
        expect(page.get_by_text(told)).to_be_attached()
    expect(page.get_by_role("link", name="2. The second")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    _saved(page)
    assert _steps(api, project["Id"]) == ["The first", "The second"]
    assert _body(api, project["Id"], 0) == "echo 1\nset_octopusvariable"


def test_somebody_elses_change_is_merged_step_by_step_and_never_overwritten(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    steps = [step(name, script(f"echo {name}")) for name in ("One", "Two", "Three")]
    project = api.project("Changed by two", steps)
    visitor = visit()
    visitor.forgive("409 (Conflict)")
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project['Slug']}/process")
    page.get_by_role("link", name="1. One").click()
    _write(page, "Script", "echo as I have it")
    theirs = api.get(f"projects/{project['Id']}/deploymentprocesses")
    theirs["Steps"][0]["Actions"][0]["Properties"]["Octopus.Action.Script.ScriptBody"] = "echo as they do"
    theirs["Steps"][1]["Name"] = "Second"
    api.ask("PUT", f"/api/Spaces-1/projects/{project['Id']}/deploymentprocesses", theirs)
    _save(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("admin saved version 3")
    expect(dialog).to_contain_text("Two: changed by them")
    expect(dialog.get_by_text("as they do")).to_be_visible()
    visitor.look_everywhere("process-merge")
    dialog.get_by_role("button", name="Save the merged process").click(force=True)
    assert _body(api, project["Id"], 0) == "echo as they do"
    dialog.get_by_label("Take yours").check()
    dialog.get_by_role("button", name="Save the merged process").click()
    _saved(page)
    assert _body(api, project["Id"], 0) == "echo as I have it"
    assert _steps(api, project["Id"]) == ["One", "Second", "Three"]
    page.get_by_role("radiogroup", name="View").get_by_text("Code").click()
    code = page.get_by_role("textbox", name="Process as JSON")
    expect(code).to_contain_text("as I have it")
    visitor.look_everywhere("process-code")
    _write(page, "Process as JSON", '[{"Name": "Only", "Actions": [{"ActionType": ""}]}]')
    expect(page.get_by_role("alert")).to_contain_text("Steps[0].Actions[0].ActionType")
    _write(page, "Process as JSON", "[{")
    expect(page.get_by_role("alert")).to_contain_text("This is no JSON")


def test_lifecycles_and_channels_are_made_and_a_rule_is_tried(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    bring = {
        "ActionType": "Octopus.TentaclePackage",
        "Properties": {"Octopus.Action.Package.PackageId": "Acme.Shop"},
    }
    project = api.project("Has channels", [step("Bring it", bring)])
    visitor = visit()
    visitor.forgive("400 (Bad Request)")
    page = visitor.sign_in(quickstart.url, "Spaces-1/library/lifecycles")
    page.get_by_role("link", name="Add a lifecycle").click()
    page.get_by_role("button", name="Add a phase").click()
    page.get_by_role("combobox", name="Deployed by people to").click()
    page.get_by_role("option", name="Development").click()
    page.keyboard.press("Escape")
    _save(page)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Name", exact=True).fill("One after the other")
    visitor.look_everywhere("lifecycle")
    _save(page)
    _saved(page, "lifecycle")
    visitor.go(quickstart.url, "Spaces-1/library/lifecycles")
    expect(page.get_by_role("list", name="Phases of One after the other")).to_contain_text("Development")
    visitor.look_everywhere("lifecycles")
    visitor.go(quickstart.url, f"Spaces-1/projects/{project['Slug']}/channels")
    page.get_by_role("link", name="Add a channel").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Stable")
    page.get_by_role("combobox", name="Lifecycle").click()
    page.get_by_role("option", name="One after the other").click()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("combobox", name="Packages").click()
    page.get_by_role("option", name="Bring it (Acme.Shop)").click()
    page.keyboard.press("Escape")
    page.get_by_label("Version range").fill("[2.0,)")
    page.get_by_label("Try a version").fill("1.9")
    expect(page.get_by_text("Outside the range")).to_be_visible()
    page.get_by_label("Try a version").fill("2.1")
    expect(page.get_by_text("Within the range")).to_be_visible()
    visitor.look_everywhere("channel")
    _save(page)
    _saved(page, "channel")
    expect(page.get_by_role("row").filter(has_text="Stable")).to_contain_text("Bring it: [2.0,)")
    visitor.look("channels")
