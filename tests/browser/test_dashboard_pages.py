"""The dashboard, the list of projects, and the pages of a project as a whole, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
LOOKS = [("light", 1280), ("dark", 1280), ("light", 320)]
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass
class Board:
    """A project that went well in Development and failed in Production, in a group of its own."""

    url: str
    api: Scenario
    group: str
    project: dict[str, Any]
    release: str

    def environment(self, name: str) -> str:
        return str(self.api.get(f"environments/{name}")["Id"])

    def deployed(self, environment: str) -> dict[str, Any]:
        return dict(self.api.wait(self.api.deploy(self.release, self.environment(environment))))


@pytest.fixture(scope="session")
def board(quickstart: Quickstart) -> Iterator[Board]:
    key = (quickstart.data / "cli.key").read_text().strip()
    headers = {"X-Octopus-ApiKey": key}
    with httpx2.Client(base_url=quickstart.url, headers=headers, timeout=120, trust_env=False) as client:
        api = Scenario(client)
        group = api.post("projectgroups", {"Name": "Warehouse"})["Id"]
        phases = [
            {"Name": name, "OptionalDeploymentTargets": [str(api.get(f"environments/{name}")["Id"])]}
            for name in ("Development", "Production")
        ]
        lifecycle = api.post("lifecycles", {"Name": "First tried, then used", "Phases": phases})["Id"]
        works = script('test "#{Octopus.Environment.Name}" = Development')
        project = api.project(
            "Picking", [step("Work", works, roles="hello-web")], LifecycleId=lifecycle, ProjectGroupId=group
        )
        made = Board(quickstart.url, api, group, project, api.release(project["Id"], "1.0.0"))
        assert made.deployed("Development")["State"] == "Success"
        yield made


def column_of(page: Page, environment: str) -> str:
    head = page.get_by_role("columnheader", name=environment)
    return str(head.get_attribute("aria-colindex"))


def cell(page: Page, project: str, environment: str) -> Any:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=project, exact=True))
    return row.locator(f"[aria-colindex='{column_of(page, environment)}']")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_page_of_projects_can_be_looked_at(board: Board, visit: Visit, scheme: str, width: int) -> None:
    visitor = visit(scheme, width)
    page = visitor.sign_in(board.url, "Spaces-1")
    expect(page.get_by_role("grid").get_by_role("gridcell").get_by_role("link").first).to_be_visible()
    visitor.look("dashboard")
    visitor.go(board.url, "Spaces-1?q=pick")
    expect(cell(page, "Picking", "Development").get_by_role("link")).to_have_text("1.0.0")
    visitor.go(board.url, "Spaces-1?view=wall")
    expect(page.get_by_role("button", name="Leave the wall view")).to_be_visible()
    visitor.look("dashboard-wall")
    visitor.go(board.url, "Spaces-1/projects")
    visitor.look("projects")
    visitor.go(board.url, "Spaces-1/projects?dialog=create")
    expect(page.get_by_role("combobox", name="Project group")).not_to_have_value("")
    visitor.look("projects-create")
    visitor.go(board.url, "Spaces-1/projects/picking")
    expect(page.get_by_role("link", name="Deploy 1.0.0 to Production…")).to_be_visible()
    visitor.look("project-overview")
    visitor.go(board.url, "Spaces-1/projects/picking/settings")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Picking")
    visitor.look("project-settings")


def test_the_dashboard_follows_deployments_and_keeps_its_filters_in_the_address(
    board: Board, visit: Visit
) -> None:
    visitor = visit()
    page = visitor.sign_in(board.url, "Spaces-1?q=pick")
    expect(cell(page, "Picking", "Development").get_by_role("link")).to_have_text("1.0.0")
    expect(cell(page, "Picking", "Production")).to_contain_text("Nothing deployed")
    expect(page.get_by_text("1 of", exact=False)).to_be_visible()
    assert board.deployed("Production")["State"] == "Failed"
    expect(cell(page, "Picking", "Production").locator("[data-state=failed]")).to_be_visible()
    page.get_by_role("button", name="States", exact=True).click()
    page.get_by_role("checkbox", name="Failed", exact=True).check()
    expect(page).to_have_url(re.compile("states=failed"))
    page.keyboard.press("Escape")
    expect(cell(page, "Picking", "Production")).to_have_attribute("data-match", "true")
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("pick")
    expect(cell(page, "Picking", "Development")).to_have_attribute("data-faint", "true")
    page.get_by_role("searchbox").fill("no such project")
    expect(page.get_by_role("heading", name="No project is like that")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page).to_have_url(f"{board.url}/app/Spaces-1")
    # More than the heading, one group and its one project.
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", re.compile(r"^([5-9]|\d\d+)$"))


def test_the_grid_is_walked_by_arrows_and_enter_opens(board: Board, visit: Visit) -> None:
    visitor = visit()
    page = visitor.sign_in(board.url, "Spaces-1?q=pick")
    expect(cell(page, "Picking", "Development").get_by_role("link")).to_be_visible()
    page.get_by_role("link", name="Picking", exact=True).focus()
    expect(page.get_by_role("link", name="Picking", exact=True)).to_be_focused()
    expect(page.locator("[role=grid] [tabindex='0']")).to_have_count(1)
    steps = int(column_of(page, "Development")) - 1
    for place in range(2, steps + 2):
        page.keyboard.press("ArrowRight")
        expect(
            page.locator(f"[aria-colindex='{place}']:focus, [aria-colindex='{place}'] :focus")
        ).to_have_count(1)
    expect(cell(page, "Picking", "Development").get_by_role("link")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("link", name="Picking", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{board.url}/app/Spaces-1/projects/picking")
    expect(page.get_by_role("heading", level=1)).to_have_text("Picking")


def test_a_view_is_kept_under_a_name_and_the_wall_has_nothing_around_it(board: Board, visit: Visit) -> None:
    visitor = visit()
    page = visitor.sign_in(board.url, "Spaces-1?q=pick&view=compact")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save or remove views…").click()
    page.get_by_label("Keep what is shown now as").fill("Only picking")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Only picking")).to_be_visible()
    visitor.go(board.url, "Spaces-1")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Only picking").click()
    expect(page).to_have_url(f"{board.url}/app/Spaces-1?q=pick&view=compact")
    page.get_by_text("Wall", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Default")
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_a_project_is_made_cloned_set_up_and_deleted(board: Board, visit: Visit) -> None:
    visitor = visit()
    visitor.forgive("400 (Bad Request)", "409 (Conflict)")
    page = visitor.sign_in(board.url, "Spaces-1/projects")
    page.get_by_role("button", name="Create a project").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("combobox", name="Project group")).not_to_have_value("")
    form.get_by_label("Name").fill("Picking")
    form.get_by_role("button", name="Create a project").click()
    expect(form).to_contain_text("Picking")
    expect(form.get_by_role("textbox", name="Name")).to_be_visible()
    form.get_by_label("Name").fill("Packing")
    form.get_by_role("button", name="Create a project").click()
    expect(page).to_have_url(f"{board.url}/app/Spaces-1/projects/packing")
    expect(page.get_by_role("heading", name="Three steps to the first deployment")).to_be_visible()
    visitor.look("project-first-steps")
    _settings(page, board)
    _clone(page, board)
    page.get_by_role("button", name="Delete the project Packing").click()
    page.get_by_label("Type Packing to confirm").fill("Packing")
    page.get_by_role("dialog").get_by_role("button", name="Delete the project Packing").click()
    expect(page).to_have_url(f"{board.url}/app/Spaces-1/projects")
    expect(page.get_by_role("link", name="Packing again")).to_be_visible()
    expect(page.get_by_role("link", name="Packing", exact=True)).to_have_count(0)


def _settings(page: Page, board: Board) -> None:
    page.get_by_role("navigation", name="Parts of the project").get_by_role("link", name="Settings").click()
    page.get_by_label("Template of the number").fill("7.i")
    page.get_by_role("combobox", name="When a step fails").click()
    page.get_by_role("option", name="Ask somebody").click()
    page.get_by_role("switch", name="The project is in use").set_checked(False)
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_role("status").filter(has_text="This project is disabled")).to_be_visible()
    found = board.api.get("projects/packing")
    assert (found["IsDisabled"], found["DefaultGuidedFailureMode"]) == (True, "On")
    assert found["VersioningStrategy"]["Template"] == "7.i"
    picture = FilePayload(name="p.png", mimeType="image/png", buffer=_PIXEL)
    page.locator("input[type=file]").set_input_files(files=[picture])
    expect(page.get_by_text("The picture is changed.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Name", exact=True).fill("Picking")
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_role("form", name="Settings")).to_contain_text("Picking")
    expect(page.get_by_role("heading", level=1)).to_have_text("Packing")


def _clone(page: Page, board: Board) -> None:
    page.goto(f"{board.url}/app/Spaces-1/projects?q=packing")
    page.get_by_role("button", name="Clone Packing", exact=True).click()
    page.get_by_role("dialog").get_by_label("Name").fill("Packing again")
    page.get_by_role("dialog").get_by_role("button", name="Clone Packing", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Packing again")
    assert board.api.get("projects/packing-again")["VersioningStrategy"]["Template"] == "7.i"
    page.goto(f"{board.url}/app/Spaces-1/projects/packing/settings")


def test_groups_are_managed_and_the_overview_leads_to_deploying(board: Board, visit: Visit) -> None:
    visitor = visit()
    visitor.forgive("409 (Conflict)", "400 (Bad Request)")
    page = visitor.sign_in(board.url, "Spaces-1/projects?dialog=groups")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New group").fill("Yard")
    dialog.get_by_role("button", name="Add").click()
    dialog.get_by_role("button", name="Rename Yard").click()
    dialog.get_by_label("New name of Yard").fill("Harbour")
    dialog.get_by_role("button", name="Rename", exact=True).click()
    dialog.get_by_role("button", name="Delete the empty group Warehouse").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Warehouse")
    visitor.look("project-groups")
    dialog.get_by_role("button", name="Delete the empty group Harbour").click()
    expect(dialog.get_by_text("Harbour")).to_have_count(0)
    visitor.go(board.url, "Spaces-1/projects/picking")
    expect(page.get_by_text("Is there now").first).to_be_visible()
    page.get_by_role("link", name="Deploy 1.0.0 to Production…").click()
    production = board.environment("Production")
    expect(page).to_have_url(re.compile(rf"/releases/Releases-\d+/deploy\?environment={production}"))
