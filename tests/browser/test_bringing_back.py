"""What was is brought back: old values from the history, steps from elsewhere, and what was typed from the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]


def saved_values(api: Scenario, project: str) -> dict[str, Any]:
    return {each["Name"]: each for each in api.get(f"projects/{project}/variables")["Variables"]}


def change(api: Scenario, project: str, edit: Callable[[list[Any]], list[Any]]) -> None:
    """One more save of a project's variables."""
    found = api.get(f"projects/{project}/variables")
    api.ask(
        "PUT", f"/api/Spaces-1/projects/{project}/variables", {**found, "Variables": edit(found["Variables"])}
    )


def test_a_deleted_variable_an_old_value_and_an_old_scope_come_back_from_the_history_of_the_set(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Brought back", [])["Slug"]
    trying, live = (api.get(f"environments/{name}")["Id"] for name in ("Development", "Production"))
    change(
        api,
        project,
        lambda _: [
            {"Name": "Colour", "Value": "blue", "Scope": {"Environment": [trying]}},
            {"Name": "Gone", "Value": "it was there"},
            {"Name": "Key", "Type": "Sensitive", "IsSensitive": True, "Value": "long ago hidden"},
        ],
    )
    change(api, project, lambda all_: [{**all_[0], "Value": "red", "Scope": {"Environment": [live]}}])
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{project}/variables")
    page.get_by_role("button", name="History", exact=True).click()
    history = page.get_by_role("dialog", name="History of these variables")
    newest = history.get_by_role("listitem").filter(has_text="Saved by").first
    expect(newest).to_contain_text("Gone")
    expect(newest.locator("del")).to_have_text(["blue", "Development"])
    expect(newest.locator("ins")).to_have_text(["red", "Production"])
    visitor.look_everywhere("variables-history")
    newest.get_by_role("button", name="Bring back Gone").click()
    expect(newest.get_by_role("status")).to_contain_text("It is back in the list")
    newest.get_by_role("button", name="Bring back Key").click()
    expect(newest).to_contain_text("Its secret did not come with it")
    newest.get_by_role("button", name="Bring back this value").click()
    newest.get_by_role("button", name="Bring back this scope").click()
    expect(newest.get_by_role("button", name=re.compile("Bring back"))).to_have_count(0)
    expect(page).to_have_url(re.compile("history=1"))
    page.keyboard.press("Escape")
    expect(history).to_have_count(0)
    page.get_by_role("button", name="Review and save 3 changes").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile(r"^Save \d+ change")).click()
    expect(page.get_by_text("Saved 3 changes")).to_be_visible()
    found = saved_values(api, project)
    assert (found["Colour"]["Value"], found["Colour"]["Scope"]) == ("blue", {"Environment": [trying]})
    assert found["Gone"]["Value"] == "it was there"
    assert found["Key"]["Type"] == "Sensitive"
    page.reload()
    page.goto(f"{page.url}?history=1")
    expect(history.locator("li", has_text="Saved by").first.locator("ins").first).to_have_text("blue")


def step_named(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="Steps").get_by_role("listitem").filter(has_text=name)


def test_steps_are_copied_within_a_project_and_from_another_with_all_but_channels_and_secrets(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    other = api.project(
        "Copied from",
        [
            step("Build", script("echo built")),
            step("Tell", script("echo told", name="Tell")),
        ],
    )
    channel = api.post("channels", {"ProjectId": other["Id"], "Name": "Hot"})
    process = api.get(f"projects/{other['Id']}/deploymentprocesses")
    action = process["Steps"][0]["Actions"][0]
    action["Channels"] = [channel["Id"]]
    action["Properties"]["Acme.Token"] = {"HasValue": True, "NewValue": "hidden in a step"}
    action["Environments"] = [api.get("environments/Development")["Id"]]
    api.ask("PUT", f"/api/Spaces-1/projects/{other['Id']}/deploymentprocesses", process)
    own = api.project("Copied to", [step("Build", script("echo own"))])
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"Spaces-1/projects/{other['Slug']}/process")
    page.get_by_role("button", name="More for Build", exact=True).click()
    page.get_by_role("menuitem", name="Clone").click()
    expect(page.get_by_text("Secrets of Build are not in its copy")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^More for Build"))).to_have_count(2)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The process is saved.").first).to_be_visible()
    first, second = copies(api, other["Id"])
    assert first["Id"] != second["Id"]
    assert second["Channels"] == [channel["Id"]]
    assert ("Acme.Token" in first["Properties"], "Acme.Token" in second["Properties"]) == (True, False)

    visitor.go(quickstart.url, f"Spaces-1/projects/{own['Slug']}/process")
    page.get_by_role("button", name="More ways to add steps").click()
    page.get_by_role("menuitem", name="Copy from another project").click()
    dialog = page.get_by_role("dialog", name="Copy steps from another project")
    dialog.get_by_role("combobox", name="Project").click()
    page.get_by_role("option", name="Copied from", exact=True).click()
    for name in ("Build", "Tell"):
        dialog.get_by_role("checkbox", name=name, exact=True).check()
    visitor.look_everywhere("process-copy")
    dialog.get_by_role("button", name="Copy 2 steps").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The process is saved.").first).to_be_visible()
    steps = api.get(f"projects/{own['Id']}/deploymentprocesses")["Steps"]
    assert [len(steps), steps[0]["Name"], steps[2]["Name"]] == [3, "Build", "Tell"]
    taken = steps[1]["Actions"][0]
    assert steps[1]["Name"] not in ("Build", "Tell")
    assert taken["Properties"]["Octopus.Action.Script.ScriptBody"] == "echo built"
    assert (taken["Channels"], taken["Environments"]) == ([], action["Environments"])
    assert "Acme.Token" not in taken["Properties"]


def copies(api: Scenario, project: str) -> list[Any]:
    """The actions of the first step and of its copy, which stands at the end or behind it."""
    steps = api.get(f"projects/{project}/deploymentprocesses")["Steps"]
    assert len(steps) == 3
    return [each["Actions"][0] for each in steps if each["Name"].startswith("Build")]


def test_the_browsers_back_button_asks_before_it_loses_what_was_typed(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    project = api.project("Gone back from", [])
    visitor = visit()
    page = visitor.sign_in(quickstart.url, "Spaces-1/projects?q=Gone+back")
    page.get_by_role("link", name="Gone back from", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gone back from")
    page.get_by_role("link", name="Settings", exact=True).last.click()
    description = page.get_by_label("Description")
    description.fill("half a sentence")
    settings = re.compile(rf"/projects/{project['Slug']}/settings")
    leave = page.get_by_role("dialog", name="Leave without saving?")
    for way in ("history.back()", "history.go(-2)"):
        page.evaluate(way)
        expect(leave.get_by_role("button", name="Stay")).to_be_focused()
        page.keyboard.press("Enter")
        expect(leave).to_have_count(0)
        expect(page).to_have_url(settings)
        expect(description).to_have_value("half a sentence")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("() => { location.href = '/app/Spaces-1' }")
    page.wait_for_function("() => document.querySelector('textarea') !== null")
    expect(description).to_have_value("half a sentence")
    assert asked == ["beforeunload"]
    page.evaluate("history.go(-2)")
    leave.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    expect(page).to_have_url(re.compile("q=Gone"))
    page.evaluate("history.go(2)")
    expect(description).to_have_value("")
