"""A filter of targets is saved in one place, and used by everybody: on the list, and to choose where to deploy."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_quickstart import Quickstart
from tests.scenario import Scenario, script, step

pytestmark = pytest.mark.timeout(900)

Visit = Callable[..., Visitor]
MACHINES = "Spaces-1/infrastructure/machines"
ROLE = "hello-web"


def _keep(page: Page, name: str) -> None:
    page.get_by_role("button", name="Saved filters").click()
    page.get_by_role("menuitem", name="Save or remove filters…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Keep what is shown now as").fill(name)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_a_filter_of_targets_is_saved_for_all_and_says_where_to_deploy(
    quickstart: Quickstart, visit: Visit, api: Scenario
) -> None:
    (machine,) = [each for each in api.get("machines/all") if ROLE in each["Roles"]]
    project = api.project("Deployed by filter", [step("Say", script("echo"), roles=ROLE)])
    release = api.release(project["Name"])
    visitor = visit()
    page = visitor.sign_in(quickstart.url, f"{MACHINES}?q={machine['Name']}&tags={ROLE}")
    other = visit()
    theirs = other.sign_in(quickstart.url, MACHINES)
    other.heard()
    _keep(page, "Of the sample")
    visitor.go(quickstart.url, f"{MACHINES}?q=nobody-is-called-so")
    expect(page.get_by_text("None fits these filters.")).to_be_visible()
    _keep(page, "Of nobody")
    visitor.look_everywhere("saved-filter")

    theirs.get_by_role("button", name="Saved filters").click()
    theirs.get_by_role("menuitem", name="Of the sample").click()
    expect(theirs.get_by_role("searchbox", name="Part of the name")).to_have_value(machine["Name"])
    expect(theirs.get_by_role("button", name="Of the sample")).to_be_visible()
    expect(theirs.get_by_role("link", name=machine["Name"], exact=True)).to_be_visible()

    visitor.go(quickstart.url, f"Spaces-1/releases/{release}/deploy?environment=development")
    chosen = page.get_by_role("combobox", name="Only targets of the saved filter")
    chosen.click()
    page.get_by_role("option", name="Of nobody").click()
    button = page.get_by_role("button", name=re.compile(r"^Deploy 0\.0\.1 to"))
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("No target here fits the filter Of nobody.").first).to_be_visible()
    visitor.look_everywhere("deploy-by-filter")
    chosen.click()
    page.get_by_role("option", name="Of the sample").click()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(button).to_contain_text("1 target")
    page.reload()
    expect(chosen).to_have_value("Of the sample")
    expect(button).to_contain_text("1 target")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Deploy Deployed by filter")
    made = api.get(f"releases/{release}/deployments")["Items"]
    assert [each["SpecificMachineIds"] for each in made] == [[machine["Id"]]]
